"""Names in nine scripts, each with the Latin spelling that its owner's mail address uses."""

# ruff: noqa: E501  lists of words are read along the line

from dataclasses import dataclass

Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Locale:
    """How people of one place are called, reached and found on a map."""

    language: str
    country: str
    country_name: str
    time_zone: str
    phone: str
    given: tuple[Name, ...]
    family: tuple[Name, ...]
    places: tuple[tuple[str, str, str], ...]  # street, city, postal code
    family_first: bool = False


def _names(text: str) -> tuple[Name, ...]:
    """Read `Zoë=zoe Ada` as pairs: the name and its spelling in an address."""
    pairs = (word.partition("=") for word in text.split())
    return tuple((native, latin or native.lower()) for native, _, latin in pairs)


def _places(text: str) -> tuple[tuple[str, str, str], ...]:
    """Read `Street; City; 12345` lines."""
    parts = [line.strip().split("; ") for line in text.strip().splitlines()]
    return tuple((street, city, code) for street, city, code in parts)


LOCALES: tuple[Locale, ...] = (
    Locale(
        "en",
        "US",
        "United States",
        "America/New_York",
        "+1 202 555 01",
        _names("Emma Noah Olivia Liam Grace Mason Harper Ethan Chloe Lucas Ruby Owen Hazel Caleb"),
        _names("Carter Bennett Brooks Hayes Foster Reed Sullivan Porter Walsh Griffin O’Brien=obrien Monroe"),
        _places(
            "14 Maple Street; Baltimore; 21201\n902 Charles Avenue; Denver; 80203\n77 Harbor Road; Portland; 04101"
        ),
    ),
    Locale(
        "en",
        "GB",
        "United Kingdom",
        "Europe/London",
        "+44 20 7946 0",
        _names("Amelia Oscar Isla Alfie Poppy Rhys=rhys Siân=sian Callum Freya Ewan Imogen Hugh"),
        _names(
            "Ashworth Pemberton Llewellyn Fairbairn Whitfield Sinclair Haddon Braithwaite Thornton Marlow"
        ),
        _places(
            "8 Mill Lane; Leeds; LS1 4AB\n31 Castle Row; Bristol; BS1 2AA\n5 Quay Street; Cardiff; CF10 1EP"
        ),
    ),
    Locale(
        "de",
        "DE",
        "Germany",
        "Europe/Berlin",
        "+49 30 23125 ",
        _names(
            "Jürgen=juergen Hannah Björn=bjoern Lena Günther=guenther Käthe=kaethe Lukas Mareike Tobias Anneliese"
        ),
        _names(
            "Müller=mueller Schröder=schroeder Weiß=weiss Krüger=krueger Vogel Hartmann Jäger=jaeger Lindner Köhler=koehler Böhm=boehm"
        ),
        _places("Lindenstraße 12; Köln; 50674\nAm Markt 3; Erfurt; 99084\nHafenweg 41a; Münster; 48155"),
    ),
    Locale(
        "fr",
        "FR",
        "France",
        "Europe/Paris",
        "+33 1 99 00 0",
        _names(
            "Élodie=elodie François=francois Chloé=chloe Théo=theo Maëlle=maelle Jérôme=jerome Océane=oceane Benoît=benoit Inès=ines"
        ),
        _names(
            "Lefèvre=lefevre Dupré=dupre Girard Bélanger=belanger Chevalier Noël=noel Marchand Renaud Béranger=beranger"
        ),
        _places(
            "6 rue des Tilleuls; Lyon; 69003\n19 quai de l’Île; Nantes; 44000\n2 place du Marché; Lille; 59800"
        ),
    ),
    Locale(
        "pl",
        "PL",
        "Poland",
        "Europe/Warsaw",
        "+48 22 555 0",
        _names(
            "Łukasz=lukasz Zofia Michał=michal Małgorzata=malgorzata Paweł=pawel Agnieszka Wojciech Bożena=bozena"
        ),
        _names(
            "Kowalczyk Wiśniewska=wisniewska Dąbrowski=dabrowski Wójcik=wojcik Zając=zajac Król=krol Okoń=okon Jabłońska=jablonska"
        ),
        _places("ul. Długa 7; Gdańsk; 80-827\nul. Świętojańska 22; Łódź; 90-001"),
    ),
    Locale(
        "es",
        "ES",
        "Spain",
        "Europe/Madrid",
        "+34 910 555 0",
        _names(
            "Lucía=lucia Íñigo=inigo José=jose María=maria Begoña=begona Andrés=andres Ángela=angela Joaquín=joaquin"
        ),
        _names(
            "Núñez=nunez García=garcia Peña=pena Ibáñez=ibanez Muñoz=munoz Ortega Vázquez=vazquez Solís=solis"
        ),
        _places("Calle del Olmo 15; Sevilla; 41001\nPaseo de la Ría 4; Bilbao; 48001"),
    ),
    Locale(
        "tr",
        "TR",
        "Türkiye",
        "Europe/Istanbul",
        "+90 212 555 0",
        _names("Ayşe=ayse Çağlar=caglar Gül=gul Işıl=isil Ömer=omer Şebnem=sebnem Yiğit=yigit Zeynep"),
        _names("Yılmaz=yilmaz Çelik=celik Öztürk=ozturk Doğan=dogan Şahin=sahin Kılıç=kilic Aydın=aydin"),
        _places("Çınar Sokak 9; İzmir; 35220\nGül Caddesi 18; Ankara; 06420"),
    ),
    Locale(
        "ru",
        "KZ",
        "Kazakhstan",
        "Asia/Almaty",
        "+7 727 355 0",
        _names(
            "Анна=anna Дмитрий=dmitri Ольга=olga Сергей=sergei Наталья=natalia Алексей=alexei Екатерина=ekaterina Фёдор=fyodor"
        ),
        _names(
            "Соколова=sokolova Иванов=ivanov Кузнецова=kuznetsova Морозов=morozov Лебедева=lebedeva Орлов=orlov Щербаков=shcherbakov"
        ),
        _places("улица Абая, 17; Алматы; 050000\nпроспект Мира, 5; Астана; 010000"),
    ),
    Locale(
        "uk",
        "UA",
        "Ukraine",
        "Europe/Kyiv",
        "+380 44 555 0",
        _names(
            "Олена=olena Тарас=taras Софія=sofiia Роман=roman Ганна=hanna Андрій=andrii Юлія=yuliia Богдан=bohdan"
        ),
        _names(
            "Шевченко=shevchenko Бондаренко=bondarenko Ґалаґан=galagan Кравчук=kravchuk Мельник=melnyk Єфименко=yefymenko"
        ),
        _places("вулиця Садова, 3; Львів; 79000\nвулиця Набережна, 28; Київ; 01001"),
    ),
    Locale(
        "el",
        "GR",
        "Greece",
        "Europe/Athens",
        "+30 21 0555 0",
        _names(
            "Ελένη=eleni Νίκος=nikos Μαρία=maria Γιώργος=giorgos Αγγελική=angeliki Σπύρος=spyros Δέσποινα=despina"
        ),
        _names(
            "Παπαδόπουλος=papadopoulos Οικονόμου=oikonomou Γεωργίου=georgiou Ζαφειρίου=zafeiriou Καραγιάννη=karagianni"
        ),
        _places("Οδός Ερμού 21; Αθήνα; 105 63\nΟδός Νίκης 8; Θεσσαλονίκη; 546 24"),
    ),
    Locale(
        "ar",
        "AE",
        "United Arab Emirates",
        "Asia/Dubai",
        "+971 4 555 0",
        _names("ليلى=layla عمر=omar فاطمة=fatima خالد=khaled نور=nour ياسمين=yasmin طارق=tariq سلمى=salma"),
        _names(
            "حداد=haddad الخطيب=alkhatib منصور=mansour النجار=alnajjar سليمان=suleiman عبدالله=abdullah قاسم=qasim"
        ),
        _places("شارع النخيل 14; دبي; 00000\nشارع البحر 3; أبوظبي; 00000"),
    ),
    Locale(
        "he",
        "IL",
        "Israel",
        "Asia/Jerusalem",
        "+972 3 555 0",
        _names("נועה=noa איתן=eitan תמר=tamar יוסף=yosef מיכל=michal דוד=david שירה=shira"),
        _names("כהן=cohen לוי=levi מזרחי=mizrahi פרץ=peretz אברהם=avraham שפירא=shapira"),
        _places("רחוב הזית 6; חיפה; 3303141\nרחוב הגפן 12; תל אביב; 6473925"),
    ),
    Locale(
        "hi",
        "IN",
        "India",
        "Asia/Kolkata",
        "+91 11 5550 0",
        _names("अनन्या=ananya राजेश=rajesh प्रिया=priya विक्रम=vikram दीपिका=deepika अर्जुन=arjun श्रेया=shreya"),
        _names("शर्मा=sharma पटेल=patel गुप्ता=gupta वर्मा=verma मिश्रा=mishra चौहान=chauhan"),
        _places("गांधी मार्ग 22; जयपुर; 302001\nनेहरू नगर 7; पुणे; 411001"),
    ),
    Locale(
        "ja",
        "JP",
        "Japan",
        "Asia/Tokyo",
        "+81 3 5550 0",
        _names("美咲=misaki 健太=kenta さくら=sakura 大輔=daisuke 優子=yuko 翔=sho 由美=yumi 一郎=ichiro"),
        _names("佐藤=sato 鈴木=suzuki 高橋=takahashi 渡辺=watanabe 山本=yamamoto 小林=kobayashi 齋藤=saito"),
        _places("桜通り3-14-1; 名古屋市; 460-0008\n本町2-5; 札幌市; 060-0001"),
        family_first=True,
    ),
    Locale(
        "zh",
        "SG",
        "Singapore",
        "Asia/Singapore",
        "+65 6555 0",
        _names("伟=wei 秀英=xiuying 敏=min 静=jing 丽=li 强=qiang 晓明=xiaoming 芳=fang"),
        _names("王=wang 李=li 张=zhang 陈=chen 欧阳=ouyang 刘=liu 黄=huang"),
        _places("滨海路 18 号; 新加坡; 018989\n中山街 5 号; 新加坡; 328821"),
        family_first=True,
    ),
    Locale(
        "ko",
        "KR",
        "South Korea",
        "Asia/Seoul",
        "+82 2 5555 0",
        _names("지민=jimin 서연=seoyeon 민준=minjun 하은=haeun 도윤=doyun 수아=sua 현우=hyunwoo"),
        _names("김=kim 이=lee 박=park 최=choi 정=jung 강=kang"),
        _places("한강로 12; 서울; 04377\n해운대로 45; 부산; 48094"),
        family_first=True,
    ),
)
LOCALE_OF_COUNTRY = {locale.country: locale for locale in LOCALES}
