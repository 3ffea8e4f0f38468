"""The load of Locust's users on a scoring API; the one room that imports locust.

scoring, shape                             what a locustfile takes: users, events, a load shape
options, choice, tags                      what a test is asked to be
lifecycle, refused_tests, exit_code        its course in this process, why it cannot begin, its end
users, calling, weights                    what users do, and how they call
people, applications, feeder               who applies, and what all users share
platform_calls, calls, own_api             what is called: a mapping's routes
login                                      what opens them
request_shape, application_shape           what is sent, in a mapping's shape
expected, mismatches, answer_types         what is an answer, by the same mapping
mapping_names                              which mappings
system_under_test, built_in, base_url      what is driven
kinds, waiting, open_arrivals              how much load there is
judged_tests, verdict, bands               in which band a test lies
summary, summary_page                      the same for programs and as a page
web_form, form_fields                      what the web page asks for
polling, platform_client, platform_state   what the platform says of its simulation
trust, counting                            whose certificates are believed, what was counted
finishing, locust_reports                  how a test ends, and what is written of it
termination, prompt_end, forked            what ends Locust's process and its children
listening                                  its events
"""
