"""Words around names, by what they say of them: folded as `loose` folds, of the languages in which people write to us.

Alphabets without capital letters are not read: there a name looks like any other word.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(
        tuple(line.split()) for phrase in text.splitlines() for line in phrase.split(",") if line.strip()
    )


# Before a family name.
TITLES = _words("""
    mr mrs ms miss mx dr prof herr herrn frau fraulein doktor professor monsieur madame mademoiselle mme mlle maitre
    senor senora senorita sr sra srta don dona senhor senhora signor signora signorina sig dott dottore dottoressa
    mevrouw meneer mevr dhr heer pan pani pana panu pania panem bay bayan sayin fru hr hra herra rouva pani
    panem panovi
    gospodin gospoda gospodja gospoda gospodina domnul doamna domnule familie
    господин госпожа господина госпожи господину пан пани пані κυριος κυρια κυριε κα
""")
# Behind a given name, with whatever case ending.
TITLES_BEHIND = ("bey", "hanim", "bei", "hanum")
# They end with a full stop that ends no sentence.
SHORTENED = _words("mr mrs ms dr prof sr sra srta m mme sig dott hr dhr mevr st")

RELATIONS = _words("""
    husband wife partner son daughter mother father brother sister child friend neighbour neighbor flatmate
    colleague
    cousin boss manager assistant uncle aunt nephew niece grandmother grandfather fiance fiancee landlord tenant
    roommate lawyer accountant girlfriend boyfriend ex mum mom dad
    mann frau sohn tochter mutter vater bruder schwester kollege kollegin kollegen freund freundin nachbar nachbarin
    mari femme fils fille mere pere frere soeur collegue ami amie voisin voisine
    marido mujer esposa esposo hijo hija madre padre hermano hermana amigo amiga vecino vecina
    filho filha mae pai irmao irma vizinho vizinha moglie marito figlio figlia fratello sorella amico amica
    man vrouw zoon dochter moeder vader broer zus buurman buurvrouw vriend vriendin collega
    maz zona syn corka matka ojciec brat siostra kolega kolezanka sasiad sasiadka
    kardesim kocam karim esim oglum kizim annem babam komsum arkadasim
    make sambo fru dotter mor far bror syster granne kone datter nabo bratr bratra sestru syna dceru muz
    manzel manzelka dcera sestra
    муж жена сын дочь мать отец брат сестра сосед соседка коллега сотрудник
    muj moje muz
""")
# What people are called by their work; a name may follow, with or without a comma.
ROLES = _words("""
    driver agent technician advisor adviser clerk courier rep representative employee nurse doctor officer operator
    fahrer mitarbeiter mitarbeiterin techniker berater beraterin bearbeiter bearbeiterin ansprechpartner
    ansprechpartnerin kontoinhaber livreur conseiller conseillere technicien agente tecnico funcionaria funcionario
    empleado empleada medewerker medewerkster bezorger pracownik konsultant konsultantka kurier holder owner contact
""")
# Words after which somebody is named; a single given name is enough.
INTRODUCERS = _phrases("""
    spoke to, spoke with, spoken to, spoken with, talked to, talked with, speak to, speak with, met with, call with
    meeting with, minutes with, asked, ask, tell, told, handed to, name is, named, called, names, name, support by
    thanks to, thank, thank you, greetings from, signed by, handled by, collected by, attended by, reported by
    according to, on behalf of, escalated to, note from, message from, mail from, it was, contact, live with
    lives with
    pay to, delivered by, assigned to, approved by, written by, cc, holder, accountholder, attn, kind regards
    laut, mit, von, bei, an, gemass, bearbeiter, unterschrieben von, ansprechpartner ist, kontoinhaber sind
    uberweisen sie an, danke
    avec, selon, par, merci a, d'apres, ecrivez a, chez
    con, segun, por, gracias a, llame a, hable con
    com, segundo, falei com, obrigado a, obrigada a
    ho parlato con, secondo, grazie a, da parte di
    met, volgens, door, bedankt aan
    z, ze, wedlug, przez, od, odebrala, odebral, dzieki
    med, enligt, av, ifolge, ifolge, talte med, af, tack till
    s, podle, od, sa, prema, od strane
    с, от, по словам, у, з, від
    με τη, με τον, με την, απο τον, απο την
    cu, de la, conform, am vorbit cu
    beszeltem, rozmawialem z, rozmawialam z, mluvil jsem s, mluvila jsem s, razgovarao sam s, razgovarala sam s
    puhuin, dun
""")
# Only before what is certainly a given name: in other languages they stand before places and things as often.
WEAK = _words(
    "with by from to for mit von bei an avec par chez con por com met door z ze od med av af s с от у з від cu per"
)
GREETINGS = _words("""
    dear hi hello hey liebe lieber hallo guten moin cher chere bonjour salut coucou hola querida querido estimado
    estimada ola caro cara ciao gentile beste geachte dag witaj czesc drogi droga merhaba sevgili hej kara kare bara
    ahoj mily mila привет здравствуйте уважаемый уважаемая γεια draga dragi kedves
""")
CLOSINGS = _words("""
    regards wishes sincerely faithfully cheers thanks yours best grusse grussen gruessen gruss cordialement
    amicalement bien saludos atentamente
    abrazo cumprimentos obrigado obrigada abraco saluti cordiali groet groeten groetjes pozdrawiam pozdrowienia
    saygilarimla saygilar selamlar halsningar hilsen terveisin pozdravem pozdrav уважением ευχαριστω udvozlettel
""")
# What only people do, right after their name.
DOINGS = _phrases("""
    said, says, told, wrote, called, promised, confirmed, claimed, answered, replied, asked, refused, apologised
    apologized, explained, offered, signed, approved, laughed, insisted, was very helpful, was helpful
    was very kind
    was very friendly, was rude, was great, was kind, never called, is my, was my, has access, and her, and his
    at the counter, will contact, will call, helped me, lives, works, moved, moved out, took the
    sagte, sagt, meinte, hat mir, hat mich, hat gesagt, hat uns, war sehr, rief, versprach, schrieb, bestatigte
    m'a, m'ont, a dit, a signe, a promis, a ete tres, est ma, est mon, etait tres, nous a
    me dijo, dijo, me atendio, fue muy, prometio, firmo, me ha
    disse, foi muito, prometeu, assinou, me disse
    mi ha, ha detto, e stata molto, e stato molto, ha firmato, ha promesso
    zei, heeft gezegd, heeft getekend, was erg, was heel, beloofde, belde
    powiedziala, powiedzial, byl bardzo, byla bardzo, potwierdzil, potwierdzila, obiecal, obiecala
    bana, dedi, ile konustum, ile gorustum, paketin, soyledi, yardimci
    sa att, sa, sagde, lovade, lovede, var mycket, sa at
    lupasi, sanoi, rekl, rekla, podepsal, podepsala, slibil, slibila
    обещал, обещала, сказал, сказала, подписал, подписала, была, был
    υπεγραψε, ειπε, a semnat, a spus, a promis, igert, mondta, je potpisala, je rekao, je rekla
    visszahivast
""")
AND = _words("and und et y e en i ve och og ja a si es и та і και &")
PARTICLES = _words(
    "de da do dos das du van von der den del di la le ten ter bin ibn al el af av zu zur y e st"
)
# A street, a house or a company may bear anybody's name.
PLACES = _words("""
    street road avenue lane square drive court way rue boulevard place quai strasse str platz weg allee gasse
    ring damm
    avenida calle paseo plaza rua praca largo via piazza corso viale straat laan plein gracht ulica ul aleja
    plac utca
    gatan vagen vej gade veien katu trida ulice улица проспект sokak caddesi caddesinde cadde mahallesi
    airport hotel hospital university college school church station park library museum theatre theater
    stadium tower
    beach river lake island bank inc ltd gmbh ag llc corp co company group holding foundation institute shop store
    cafe restaurant pharmacy apotheke schule kirche bahnhof flughafen krankenhaus universitat gymnasium filiale
    box edition collection bag bags sneakers shoes jeans pay air airlines telekom mobile bundle album trilogy
    perfume
    team department office branch family
""")
# Given names that are other words, months, places or brands at least as often: they count only beside what people do.
AMBIGUOUS = _words("""
    april may june july august summer autumn winter sunday monday friday christmas noel easter will mark bill
    grace joy
    hope faith rose lily jean art chase chance drew frank guy rich rob sandy sky sue victor wade ward dawn eve gene
    grant ray dean page paris london sydney jordan chelsea israel china india asia america florence charlotte austin
    dallas virginia georgia carolina madison lincoln washington santa san victoria virgin royal prime star
    apple visa
    van per del can son case samsung galaxy silver gold diamond crystal ruby amber jade pearl ocean river forest
    general generals skip mime site random threat
    christian german roman dutch holland england ireland france berlin wien roma milan milano sofia florenz
    barcelona
    lourdes mercedes porsche ford lee kay angel major king prince duke earl baron early more sage basil rosemary ivy
    holly iris daisy violet olive cherry ginger honey sunny happy merry lucky penny buck cash dollar euro sterling
    max mini pro home buro karte neue alte graf kaiser marin martin-platz bar mal gut lang klein gross jung reich
    ada-plan alba aurora luna sol estrella mar cielo nieves dolores pilar rocio socorro consuelo blanca segunda
    mart ekim eylul temmuz deniz bahar yaz kis umut sevgi can baris devrim savas
    mila pol ros dag dan dom sam-sung mobil telefon internet paket
    the you she her his our not all any new one two who why how did has had was are and but for nor yet
""")
# Words that begin a sentence or name a thing, and nobody.
NOBODY = _words("""
    the a an this that these those please thanks thank hello hi dear here there we you i it he she they is are
    was my
    your our no not yes also and or but if when from to for re fwd order invoice ticket case account customer
    support
    team service monday tuesday wednesday thursday friday saturday sunday january february march april june july
    august september october november december bitte danke hallo der die das ein eine und mit von fur rechnung vat
    iban phone tel mail email e-mail address number can could would should will may might did do does has have had
    with by in on at as of so then now today yesterday what who where why how which while after before because
    according contact pay note message agent cc bcc attn subject kind best regards sincerely cheers refund
    parcel card
    black white red blue green new old north south east west saint royal national international premium basic plus
    pro family plan price terms conditions policy privacy notice act data protection return shipping billing
    google apple microsoft amazon samsung netflix paypal visa mastercard windows android nike sony
    ich wir sie ihr ihre mein meine meinen meiner unser laut nach bei am im zum zur den dem des nicht auch aber
    herren damen sehr geehrte kunde kundin lieferung bestellung paket konto karte firma kontakt frist
    le la les un une des et ou mais je nous vous il elle ma mon mes votre vos notre selon merci veuillez bonjour
    facture commande colis compte service client
    el los las un una y o pero yo mi su sus segun gracias hola pedido factura cuenta
    o os as um uma e mas eu meu minha seu sua segundo obrigado pedido fatura conta
    il lo gli uno ho mia mio secondo ordine fattura conto buongiorno salve
    de het een en maar ik wij mijn onze volgens bedankt pakket rekening factuur
    i oraz ale ja moj moja moje wedlug prosze paczke paczka zamowienie konto dziekuje
    ve ama ben benim bir bu dun siparis paket fatura hesap
    nya nye nytt neue neues neuer neuen altes alten nova novo nueva nuevo nouvelle nouveau
    jag min mitt enligt och men paketet paket min jeg pakken hei tilaus
    prosim muj moje a ale ja
    я мой моя мы и но вы ваш ваша почта посылка заказ счет уважаемые хочу прошу
    ο η το οι τα και αλλα εγω μου
    am va rog si dar eu meu mea az es egy nem
""")
# What a name never begins with, though it may have a capital letter.
HEADS = (
    NOBODY
    | RELATIONS
    | ROLES
    | GREETINGS
    | CLOSINGS
    | frozenset(phrase[0] for phrase in INTRODUCERS if len(phrase) == 1)
    | frozenset(
        {"spoke", "spoken", "talked", "met", "thank", "kind", "uberweisen", "merci", "obrigado", "bedankt"}
    )
)
