"""What the model's features are called elsewhere, in English and in French."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from simulator.adopt.words import Known, known
from simulator.scenario.vocabulary import Feature

__all__ = ["FEATURE_WORDS", "FeatureWords"]


class FeatureWords(NamedTuple):
    """The names of a feature, the surest first, and what says that it is something else."""

    names: tuple[Known, ...]
    unless: Known


_SURE, _LIKELY, _GUESS = 1.0, 0.7, 0.45
_CREDIT = "loan|credit|pret|emprunt|financing|finance|mortgage|borrowing"

FEATURE_WORDS: Final[Mapping[Feature, FeatureWords]] = {
    "net_income": FeatureWords(
        (
            known(
                "(net|annual|yearly|monthly|weekly|gross|total|applicant|person|customer|client|"
                "borrower|declared|stated|verified|household|family)( \\w+)? (income|inc|salary|"
                "earnings?|wages?)|(income|salary|inc) (annum|annual|monthly|yearly|month|year|net|"
                "total|amt|amount|value)|amt income( total)?|revenus? (net|nets|mensuels?|annuels?|"
                "bruts?|fiscal|foyer|du foyer|menage|total|totaux|client|demandeur)|"
                "salaires? (net|nets|mensuels?|annuels?|bruts?)|revenu annuel|revenu mensuel",
                _SURE,
            ),
            known("income|salary|revenus?|salaires?|earnings|ressources mensuelles", _LIKELY),
            known("inc|wages?|ressources|remuneration|annual turnover|revenue|take home", _GUESS),
        ),
        known(
            "(debt|loan|payment|installment|credit|expense|mortgage|"
            "charges?|percent) (to |of |sur )?"
            "(the )?(income|revenus?)|income (type|source|category|verified|verification|stability|"
            "ratio|class|group|bracket|trend|volatility|to|proof|variance|score)|co ?applicant|"
            "coborrower|co borrower|spouse|conjoint|guarantor|informal|"
            "other income|autres? revenus?|"
            "additional|secondary|rental|locatifs?|alternative|passive|source|type|ratio|taux|"
            "percent income|variability|std|growth|dependents?|tax|impots?|disposable|loans? from|"
            "after|per (person|capita)|(?<!net )credit income",
            1.0,
        ),
    ),
    "debt_to_income": FeatureWords(
        (
            known(
                "dti|debt (to )?income|debt2income|taux (d |de l )?endettement|"
                "ratio (d |de l )?endettement|endettement( ratio| pct| pourcent)?|debt ratio|"
                "debt burden( ratio)?|debt service( ratio| coverage)?|taux (d |"
                "de )?effort|foir|dsr|"
                "ratio (dette|dettes) revenus?|dette (sur )?revenus?",
                _SURE,
            ),
            known(
                "payment to income|pti|installment (to )?income|expense ratio|existing emi ratio|"
                "leverage( ratio)?|indebtedness|obligation ratio|charges? ratio|taux charges?",
                _LIKELY,
            ),
        ),
        known("flag|category|band|limit|threshold|max|maximum|after|new|projected|amount", 1.0),
    ),
    "revolving_utilisation": FeatureWords(
        (
            known(
                "(revol(ving)?|credit|card|line|lines|limit|bureau)( \\w+)? (util|utili[sz]ation)|"
                "revol util|utili[sz]ation (rate|ratio|pct|percent|of unsecured "
                "lines|credit|carte)|"
                "credit (usage|use)( ratio| rate| pct)?|revolving utili[sz]ation|"
                "taux (d )?utili[sz]ation( \\w+)*|"
                "utilisation (du |de la |des |d )?(credit|credits|revolving|decouvert|carte|ligne)",
                _SURE,
            ),
            known("utili[sz]ation|credit card usage|util", _LIKELY),
        ),
        known("cpu|memory|disk|amount|balance|change|trend|cash|consent|donnees", 1.0),
    ),
    "job_tenure_months": FeatureWords(
        (
            known(
                "(employment|employed|employer|job|emp|work|occupation|person emp)( \\w+)? "
                "(years?|yrs|months?|mths|days|length|duration|tenure|time|since|seniority)|"
                "(years?|yrs|months?|mths|days) (of |at |in |with |on )?(the )?(current |present |"
                "same )?(employed|employment|employer|job|work|working|company)|emp length|"
                "job tenure|tenure (months|years|job|employer|in job)|employment (tenure|length)|"
                "anciennete( (de l |dans l |d |du |au |a l )?(emploi|employeur|professionnelle|pro|"
                "poste|travail|entreprise|contrat|mois|annees?|ans))?|"
                "duree (de l |d )?(emploi|contrat|embauche)",
                _SURE,
            ),
            known("tenure|seniority|years? (of )?service|employed", _LIKELY),
            known("(years?|yrs) (of )?(work )?experience|experience( years?)?", _GUESS),
        ),
        known(
            "credit|history|historique|residence|address|adresse|relationship|account|compte|"
            "bancaire|banque|bank|client|customer|logement|loan|pret|status|type|statut|contract "
            "type|mortgage|oldest|remboursement|installment|sector|industry|name|title|score|gap|"
            "un employed|self|domicile|is employed|flag",
            1.0,
        ),
    ),
    "incidents_24m": FeatureWords(
        (
            known(
                "(late|missed|overdue|past due|delayed|returned|bounced)( \\w+)? payments?( \\w+)*|"
                "payments? (late|missed|incidents?|defaults?|delays?)|late pay(ments?)?|"
                "delinquenc(y|ies)|delinq|incidents?( (de )?paiements?)?|impayes?|"
                "retards?( (de )?paiements?)?|past due|arrears|"
                "(number|num|nb|no|count)( of)?( \\w+)? (defaults|delinquencies|incidents|impayes|"
                "retards|missed payments)|previous defaults|prior defaults|defaults (count|last)|"
                "(times? )?(\\d+ )*days? late|times late|defauts (de )?paiement|"
                "rejets? (de )?prelevements?|bounced (cheques?|checks?)",
                _SURE,
            ),
            known(
                "derogator(y|ies)|pub rec|public records?|bankruptcies|defaults|dpd|latepayments",
                _LIKELY,
            ),
        ),
        known(
            "amount|montant|amt|probability|rate|interest|fee|fraud|"
            "security|cyber|since|status|fcra|id|date|"
            "now|ratio|score|incident id|on file|income",
            1.0,
        ),
    ),
    "ficp_flag": FeatureWords(
        (
            known(
                "ficp|fcc|fiche ?(bdf|banque de france)?|fichage|fichee?|interdits? bancaires?|"
                "(listed|registered|inscrit)( \\w+)* (bureau|fichier|register|ficp)|blacklist(ed)?|"
                "default on file|on file|adverse( credit)?( flag| record| "
                "listing)?|negative (listing|record)|"
                "bureau (listed|listing|flag|negative)|credit blacklist|schufa negative",
                _SURE,
            ),
            known(
                "(has |had |prior |previous |past |history of |is )?(default|"
                "defaulted|bankrupt|bankruptcy)"
                "( flag| history| before| past)?|in collections?|credit flag|has default",
                _LIKELY,
            ),
        ),
        known(
            "probability|prob|prediction|risk|label|target|count|number|num|"
            "date|amount|rate|value|score|"
            "client id|file name|months",
            1.0,
        ),
    ),
    "inquiries_6m": FeatureWords(
        (
            known(
                "(credit |hard |recent |bureau |num |number of |nb )*(inquir(y|ies)|enquir(y|ies))"
                "( \\w+)*|inq( \\w+)*|credit (checks?|pulls?|searches|queries)( "
                "\\w+)*|hard (pulls?|"
                "checks?|searches)|(demandes?|consultations?|interrogations?) (de |du )?"
                "(credits?|recentes?|fichiers?|bureau)( \\w+)*|nb (demandes|"
                "consultations|interrogations)"
                "( \\w+)*|recent applications|applications last \\d+ \\w+",
                _SURE,
            ),
        ),
        known("id|date|response|type|status|text|message|montant|amount|since", 1.0),
    ),
    "duration_months": FeatureWords(
        (
            known(
                f"({_CREDIT}|repayment|requested|contract|remboursement)( \\w+)? "
                f"(term|terms|duration|tenor|tenure|"
                "period|length|maturity|duree|months|years|mois|annees|ans)( \\w+)?|"
                f"(term|terms|tenor|duration|maturity) (of )?(the )?({_CREDIT}|"
                f"months?|years?|mths|requested)|"
                f"duree( (du |de |d |en |demandee )?({_CREDIT}|remboursement|"
                f"mois|annees?|ans|souhaitee))*|"
                "mensualites|nb (mensualites|echeances|mois)|nombre (d |de "
                ")?(mensualites|echeances|mois)|"
                "number of (installments|instalments|payments|months)|n(b|um|"
                "o)? (installments|instalments)|"
                "installments? (count|number)|loan term",
                _SURE,
            ),
            known("term|tenor|duration|maturity|echeances|installments|instalments", _LIKELY),
        ),
        known(
            "employment|employed|job|emploi|contrat|relationship|residence|"
            "history|historique|session|call|"
            "processing|inference|short|interest|account|address|conditions|"
            "query|amount(?! term)|montant|status|"
            "rate|remaining|elapsed|since|terms accepted|grace|ms|seconds|"
            "payment|logement|traitement|wait",
            1.0,
        ),
    ),
    "permanent_contract": FeatureWords(
        (
            known(
                "(employment|job|work|contract|occupation|emploi|contrat|"
                "professionnel)( \\w+)? (type|status|"
                "stability|kind|nature|category|statut|situation)|type (de |d |"
                "du )?(contrat|emploi)|contrat( (de )?travail)?|cdi|"
                "permanent( contract| job| employment| employee| position)?|"
                "statut (emploi|professionnel|pro|d emploi)|"
                "situation (professionnelle|pro|emploi)|is permanent|emploi stable|nature contrat",
                _SURE,
            ),
            known(
                "employment|is employed|employed|job|emploi|profession|"
                "occupation|self employed|income type|"
                "csp|categorie socio professionnelle|work type",
                _GUESS,
            ),
        ),
        known(
            "years?|months?|days|length|duration|duree|anciennete|tenure|"
            "since|loan contract|contract (id|number|"
            "amount|term|date)|numero|marital|title|name|experience|sector|"
            "industry|company|city|date",
            1.0,
        ),
    ),
    "home_owner": FeatureWords(
        (
            known(
                "home ?owner(ship)?|(housing|residence|residential|"
                "accommodation|living|property|home|house|habitat)"
                "( \\w+)? (status|type|ownership|situation|owner|owned|statut)|"
                "proprietaire|logement|"
                "(statut|situation|type) (d |de |du |de l )?(logement|"
                "residentiel|residentielle|habitation|occupation|"
                "residence|occupant)|(owns|has|own|owner)( \\w+)? (home|house|"
                "property|realty|real estate|residence|"
                "apartment)|flag own realty|real estate owner|is home ?owner|"
                "owner occupier|locataire|"
                "home ownership|residence ownership|mode (d )?habitation",
                _SURE,
            ),
            known(
                "housing|accommodation|residence|habitation|habitat|home|homeowner|tenant", _LIKELY
            ),
        ),
        known(
            "value|loan|price|years?|months?|since|duration|duree|"
            "anciennete|country|address|city|rate|"
            "phone|count|number|area|since|improvement|telephone|cost|payment|score|travel",
            1.0,
        ),
    ),
    "age": FeatureWords(
        (
            known(
                "age|age (years|in years|ans|annees|client|demandeur|emprunteur|"
                "customer|applicant|borrower|person)|"
                "(applicant|customer|client|person|borrower|user|demandeur|emprunteur) age",
                _SURE,
            ),
            known(
                "(years|yrs) old|age (group|band|range)|birth( \\w+)?|dob|"
                "birthdate|naissance|birthday",
                _GUESS,
            ),
        ),
        known(
            "account|credit|card|company|business|oldest|newest|history|"
            "file|device|email|phone|compte|carte|vehicle|"
            "car|property|building|average|avg|loan|bank|address|model|data|"
            "cache|max|months since|domain|website|"
            "dependents?|children|policy|transaction|customer age days|relationship|bureau",
            1.0,
        ),
    ),
    "amount": FeatureWords(
        (
            known(
                f"({_CREDIT}|requested|financed|principal|funded|amt|asked|"
                f"desired|demande|applied)( \\w+)? (amount|amnt|amt|"
                "montant|capital|principal|sum|value|size|credit)|amount "
                "(requested|financed|borrowed|of (the )?loan|of credit|"
                "asked|applied|loan|credit)|montant( (du |de |d |a )?(demandee?|"
                "credit|pret|emprunte?|finance|financement|"
                "souhaite|sollicite|emprunt|finances))*|loan amnt|amt credit|"
                "capital (emprunte|demande|sollicite)|somme "
                "(demandee|empruntee)|credit demande|amountfinanced|finance amount|pret montant",
                _SURE,
            ),
            known("amount|montant|principal|amt|loan value|borrowed", _LIKELY),
        ),
        known(
            "transaction (id|date)|approved|accorde|octroye|sanctioned|"
            "monthly|mensuel(le)?|payment|paid|pay|instal?ments?|"
            "annuity|mensualites?|down|apport|total debt|debt|outstanding|"
            "balance|late|overdue|limit|coverage|"
            "fee|interest|tax|previous|existing|prev|last|average|avg|mean|"
            "max|min|std|currency|goods|property|"
            "insurance|savings|deposit|term|duration|duree|emi|remaining|"
            "due|income|salary|revenus?|charges|rent|loyer|reste|restant|"
            "count|number|ratio|type|bill|collateral|guarantee|patrimoine|"
            "encours|taux|rate|impayes?|assets?|expenses?",
            1.0,
        ),
    ),
}
