"""HTTP as a client: one kind of session for every server, with one translation of its errors.

endpoint        where a server listens and who asks; secrets stay out of every text
loopback        which names mean this machine
exchange_budget how long one exchange may last, and how much may come back
sockets         sockets that keep to the budget of the exchange they are used for
connections     urllib3's connections, made of such sockets
session         an exchange: one request and its answer
failures        what it means that there is no answer, or not one that can be used
"""
