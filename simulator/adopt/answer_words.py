"""What values of a decision are called in the answers of other APIs, in English and in French."""

from typing import Final, Literal, NamedTuple, TypeAlias

from simulator.adopt.words import Known, known

__all__ = ["ANSWER_WORDS", "ENTITY_KEYS", "AnswerWords", "Kind"]

Kind: TypeAlias = Literal["number", "text", "truth", "list", "object"]


class AnswerWords(NamedTuple):
    """A value, the kinds of JSON in which it comes, and what it is called."""

    value: str
    kinds: frozenset[Kind]
    names: Known


def _said(value: str, kinds: str, words: str, surely: float = 1.0) -> AnswerWords:
    return AnswerWords(value, frozenset(kinds.split()), known(words, surely))  # type: ignore[arg-type]  # of these words


#: Names of somebody's key.
ENTITY_KEYS: Final = known(
    "sk id curr|(customer|client|applicant|borrower|person|user|"
    "member|demandeur|emprunteur)( \\w+)? ?"
    "(id|number|no|key|ref|reference|numero|code|identifier|uuid|"
    "curr)|(id|numero|num|ref|reference|identifiant) "
    "(client|customer|demandeur|emprunteur|applicant|user|borrower|"
    "curr)|customer|client|applicant id|identifiant",
    1.0,
)
#: The first that fits a name is meant: narrower words before wider ones.
ANSWER_WORDS: Final[tuple[AnswerWords, ...]] = (
    _said("request_id", "text", "(request|correlation|trace|requete|req) (id|uuid)|id requete"),
    _said(
        "processing_time_ms",
        "number",
        "(processing|response|inference|latency|elapsed|execution|"
        "prediction|computation|compute|scoring|query)( time)?( in)? "
        "(ms|millis|milliseconds|millisecondes)|latency|temps (de "
        ")?(traitement|calcul|reponse|inference)( ms)?|duree (de )?"
        "(traitement|calcul)( ms)?|took( ms)?|ms",
    ),
    _said(
        "processing_time_seconds",
        "number",
        "(processing|response|inference|elapsed|execution|prediction|"
        "computation)( time)?( in)?( s| sec| secs| seconds)|"
        "(processing|inference|execution|prediction|response|elapsed) time",
    ),
    _said(
        "timestamp",
        "text",
        "timestamp|datetime|(\\w+ )?(at|on)|date( \\w+)?|horodatage|"
        "(created|processed|scored|evaluated|decision|prediction) "
        "(date|time)|time|le",
    ),
    _said(
        "unix_seconds",
        "number",
        "timestamp|epoch|unix( \\w+)?|(created|processed|scored|evaluated) at",
    ),
    _said(
        "model_version",
        "text",
        "(model|modele|scorecard|algorithm)( \\w+)? version|version( "
        "(du |de )?(modele|model|scorecard))?",
    ),
    _said(
        "model",
        "text",
        "model( name| id| used)?|modele|nom (du )?modele|algorithm|scorecard( name)?",
    ),
    _said(
        "approved_amount",
        "number",
        "(approved|granted|sanctioned|offered|eligible|authorized|"
        "authorised|recommended|max|maximum|accorde)( \\w+)? "
        "(amount|amt|limit|montant|loan|credit|value|line)|(montant|"
        "capital) (accorde|octroye|autorise|max|maximal|maximum|"
        "propose|approuve)|credit limit|approved limit|amount approved|plafond",
    ),
    _said(
        "amount",
        "number",
        "(loan|credit|requested|financed)( \\w+)? (amount|amt)|amount( "
        "requested)?|montant( demande| credit| pret)?",
    ),
    _said(
        "repayment_probability",
        "number",
        "(probability|proba|prob|probabilite|chance|likelihood)( \\w+)* "
        "(repay|repayment|approval|approved|accept\\w*|success|good|"
        "remboursement|no default|non default|0)|(repay|repayment|"
        "approval|approved|acceptance|success|good|no default|class 0|"
        "non "
        "default|no)( \\w+)? (probability|proba|prob|probabilite|chance|likelihood|rate|score)",
    ),
    _said("confidence", "number", "confidence( \\w+)?|confiance|certainty|indice (de )?confiance"),
    _said(
        "probability_of_default",
        "number",
        "(\\w+ )*(probability|proba|probabilite|prob|probas|"
        "likelihood)( \\w+)*|pd( \\w+)?|default (risk|rate|score)|"
        "(risk|risque)( de)?( defaut)?|(fraud|anomaly|default|bad)( "
        "\\w+)? (score|rate)|taux (de )?(risque|defaut)|p default",
    ),
    _said(
        "score",
        "number",
        "(\\w+ )*(score|scoring|points|fico|notation)( \\w+)*|note( "
        "credit| client)?|rating points|resultat",
    ),
    _said(
        "risk_level",
        "text",
        "(risk|risque|credit|score)( \\w+)? (level|band|category|class|"
        "classe|grade|tier|rating|bucket|group|segment|label|niveau|"
        "categorie|tranche|bande|rank|zone|profile)|(niveau|classe|"
        "categorie|tranche|bande|profil|segment|indicateur) "
        "(de |du )?(risque|risk)|rating|grade|band|tier|risk|risque|"
        "score (band|label)|severity|bucket",
    ),
    _said(
        "is_accepted",
        "truth",
        "(is |loan |credit |pre )?(approved|accepted|eligible|qualified|"
        "granted|accorde|accepte|eligibilite|eligibility|accord|"
        "approval|creditworthy|solvable|approuve|valide)",
    ),
    _said(
        "is_refused",
        "truth",
        "(is |predicted |will |has )?(fraud|fraudulent|fraude|default|"
        "defaulted|rejected|refused|declined|risky|high risk|anomaly|"
        "suspicious|blocked|refuse|defaut|bad|a risque|prediction|predicted|alert)( \\w+)?",
    ),
    _said(
        "decision_id",
        "text number",
        "(decision|prediction|score|scoring|assessment|evaluation|"
        "application|dossier|demande|loan|credit|transaction|result|"
        "case|"
        "inference|offer|simulation)( \\w+)? ?(id|uuid|number|ref|"
        "reference|key|identifier|no|numero)|id|uuid|reference|ref|"
        "(id|numero|reference|identifiant) (de |du )?(decision|demande|"
        "dossier|evaluation|score|scoring|prediction|simulation)",
    ),
    _said(
        "decision",
        "text",
        "(\\w+ )*(decision|outcome|verdict|recommendation|"
        "recommandation|avis|disposition|prediction|determination|"
        "resolution|approval|eligibility)( \\w+)*|(loan|application|"
        "credit|approval)( \\w+)? (status|result|statut|resultat)|"
        "status|result|resultat|statut|action|approved|predicted (class|"
        "label)|label|class|classe|outcome|eligible",
    ),
    _said(
        "refused_as_number",
        "number",
        "prediction( \\w+)?|predicted( \\w+)?|class( \\w+)?|label|"
        "classe|target|pred|y pred|outcome|decision|default|is default|"
        "fraud|is fraud|result|statut|status|loan status|approved",
    ),
    _said(
        "contributions",
        "object",
        "(\\w+ )*(contributions?|shap|shap values|importances?|weights|"
        "impacts?|attributions?|explanations?|explication|reasons|"
        "factors|coefficients|breakdown)( \\w+)*",
    ),
    _said(
        "reasons",
        "list",
        "(\\w+ )*(reasons?|factors?|facteurs|motifs?|raisons?|"
        "contributions?|shap|shap values|explanations?|explications?|"
        "features?|"
        "importances?|drivers|codes|attributions?|impacts?|variables)( \\w+)*",
    ),
    _said("features", "object", "(\\w+ )*(features|inputs?|input data|donnees|variables)( \\w+)*"),
)
