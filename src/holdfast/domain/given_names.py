"""First names that people bear, in the scripts in which they write them: by these a first name is recognized.

Not whole, and it need not be: a name that is not here is greeted in full. Names that are family names as
often (Radu, Kelly) are in a list of their own.
"""

from __future__ import annotations

import unicodedata

_ENGLISH = """
Aaron Abigail Adam Aidan Alan Albert Alex Alexander Alice Alison Amanda Amber Amelia Amy Andrea Andrew
Angela Anna Anne Ann Annie Anthony Aoife Arthur Ava Barbara Becky Benjamin Ben Beth Bethany Betty Brian
Bríd Bridget Caitlin Caroline Carol Catherine Cathy Charles Charlie Charlotte Chloe Chris Christina
Christine Christopher Cian Ciara Claire Clare Clodagh Colin Colm Conor Craig Daisy Dan Daniel Darragh
Darren Dave David Dawn Deborah Declan Deirdre Dennis Derek Diana Diane Donna Dorothy Edward Eileen
Eimear Elaine Eleanor Elizabeth Ella Ellen Emily Emma Eoin Eric Erin Ethan Eva Evelyn Faye Fergal Fiona
Florence Frances Fred Freya Gareth Gary Gemma Geoffrey Gerard Gillian Grace Graham Gráinne Gregory
Hannah Harriet Hazel Heather Helen Henry Holly Hugh Ian Imogen Isabel Isabella Isla Ivy Jack Jacob Jake
Jamie James Jane Janet Janice Jason Jean Jeffrey Jennifer Jenny Jeremy Jessica Jill Jim Joan Joanna
Joanne Joe John Jonathan Joseph Joshua Joyce Judith Julia Julian Julie June Karen Kate Katherine
Kathleen Kathryn Katie Keith Kenneth Kerry Kevin Kim Kirsty Laura Lauren Leah Leanne Leo Leonard Liam
Lily Linda Lisa Lorraine Louise Lucas Lucy Luke Lydia Lynn Maeve Malcolm Margaret Maria Marie Marion
Mark Martha Mary Matthew Maureen Max Megan Melanie Melissa Mia Michael Michelle Molly Monica Nancy Naomi
Natalie Natasha Nathan Neil Niall Niamh Nicholas Nick Nicola Nicole Nigel Noah Nora Norman Oisín Olivia
Oliver Orla Oscar Pamela Patricia Patrick Paula Pauline Peggy Penelope Peter Philip Philippa Phoebe
Poppy Rachel Ralph Raymond Rebecca Richard Robert Robin Róisín Roger Ronald Ronan Rory Rosemary Rosie
Ruby Ruth Sally Sam Samantha Samuel Sandra Sarah Sara Seán Sean Shane Sharon Sheila Simon Sinéad Sophia
Sophie Stacey Stephanie Stephen Steven Stuart Sue Susan Suzanne Sylvia Tara Teresa Theresa Thomas Tim
Timothy Tina Tom Tomás Toby Tracey Tracy Trevor Valerie Vanessa Vera Veronica Victoria Violet Virginia
Vivian Wendy William Yvonne Zachary Zoe
"""
_ROMANIAN = """
Adela Adina Adrian Adriana Alexandra Alexandru Alexia Alin Alina Ana Anca Andra Andreea Andrei Angela
Antonia Anton Aurel Aurelia Bianca Bogdan Camelia Carmen Casian Cătălin Cătălina Cezar Ciprian Claudia
Claudiu Corina Cornel Cornelia Cosmin Costel Costin Crina Cristian Cristina Dan Dana Daniel Daniela
Daria Delia Denisa Diana Doina Dorin Dorina Doru Dragoș Ecaterina Eduard Elena Elisabeta Emanuel Emil
Emilia Eugen Eugenia Felicia Felix Flavia Flavius Florentina Florin Florina Gabriel Gabriela George
Georgeta Georgiana Gheorghița Gina Grigore Horia Horațiu Iulia Iulian Iuliana Ileana Ilinca Ioan Ioana
Ion Ionel Ionela Ionuț Irina Iris Isabela Larisa Laurențiu Lavinia Lenuța Lidia Liliana Livia Liviu
Loredana Luca Lucia Lucian Luciana Ludovic Luiza Luminița Mădălina Magda Magdalena Manuela Mara Marcel
Marcela Maria Mariana Maricica Marilena Marius Marta Matilda Mihaela Mihai Mihail Mioara Mircea Mirela
Monica Nadia Natalia Nelu Nicoleta Nicolae Nicu Nina Oana Octavia Octavian Olga Olimpia Olivia Otilia
Ovidiu Patricia Paul Paula Petre Petronela Petru Rafael Raluca Ramona Rareș Raul Răzvan Rebeca Remus
Robert Roberta Rodica Romeo Romina Roxana Ruxandra Sabina Sanda Sebastian Sergiu Silvia Silviu Simona
Sofia Sonia Sorin Sorina Steluța Ștefan Ștefania Tatiana Teodor Teodora Tiberiu Traian Tudora Valentin
Valentina Valeria Valeriu Vasilica Veronica Vicențiu Victor Victoria Violeta Viorel Viorica Virgil
Virginia Vlad Vladimir Zoe
"""
_PERSIAN = """
آتنا آرزو آرش آرمان آرمین آرین آزاده آزیتا آیدا آیدین آناهیتا ابوالفضل احسان احمد اردشیر اسماعیل اشکان
افسانه افشین اکبر الناز الهام الهه امید امیر امیرحسین امیرعلی امیرمحمد امین ایمان بابک باران بهار بهاره
بهرام بهروز بهزاد بهمن بهناز بیتا بیژن پدرام پرستو پرهام پروانه پروین پرویز پریسا پژمان پگاه پوریا پویا
پونه پیام پیمان ترانه جمشید جواد حامد حبیب حسن حسین حمید حمیدرضا خدیجه خسرو داریوش داوود درسا رامین رضا
رعنا روزبه رویا ریحانه زهرا زهره زینب ژاله ژیلا سارا ساره سامان سپهر سپیده ستاره سحر سعید سمانه سمیرا
سمیه سهراب سهیل سهیلا سودابه سوسن سیامک سیاوش سیما سیمین سینا شادی شاهین شبنم شراره شهاب شهرام شهرزاد
شهریار شهلا شیدا شیرین شیما صبا صدف طاهره عاطفه عباس عرفان عسل علی علیرضا غزال غزاله غلامرضا فاطمه فرانک
فرزاد فرزانه فرشاد فرشته فرشید فرناز فرهاد فریبا فرید فریده فهیمه فواد کاظم کامران کامیار کامبیز کاوه
کتایون کوروش کیان کیانا کیمیا کیوان گلناز گیتا گیتی لادن لاله لیدا لیلا ماریا مازیار مجتبی مجید محبوبه
محسن محمد محمدرضا محمدعلی محمود مرتضی مرجان مریم مسعود مصطفی معصومه ملیحه منصور منصوره مهتاب مهدی مهدیه
مهرداد مهران مهرناز مهسا مهشید مهناز مهین مونا میترا میثم میلاد مینا مینو نازنین ناهید نجمه ندا نرگس
نسترن نسرین نسیم نگار نگین نوید نیلوفر نیما نیوشا هادی هانیه هاله هدیه هستی هما هومن یاسر یاسمن یاسمین
یگانه یلدا یوسف Ali Mohammad Reza Hossein Mehdi Maryam Zahra Fatemeh Nazanin Shirin Leila Narges Mahsa
Niloufar Parisa Saeed Arash Kaveh Nima Sina Farhad Dariush Masoud Hamid Babak Shahram Negar Azadeh
Bahareh Yasaman Amir Alireza Mohammadreza
"""
_BULGARIAN = """
Александра Александър Албена Алекс Анастасия Ангелина Андрей Анелия Анета Ани Анна Антония Антоанета
Асен Ася Атанас Биляна Благовест Богдан Богомил Боряна Борис Борислав Боян Бояна Валентин Валентина
Валери Валерия Ваня Васил Василена Велизар Велина Венелин Венета Венцислав Вера Вероника Весела Веселин
Веселина Виктор Виктория Виолета Владимир Владислав Вяра Габриел Габриела Галя Галина Георги Гергана
Глория Григор Даниел Даниела Даря Деница Десислава Деян Диана Димитър Димитрина Димо Доротея Ева Евгени
Евгения Евелина Екатерина Елена Елеонора Елица Елисавета Емил Емилия Емануил Жана Жаклин Живко Здравка
Здравко Зорница Ива Ивайло Иван Ивана Ивелина Иво Илиян Илияна Ина Ирена Ирина Искра Йоан Йоана Йордан
Йорданка Калина Калин Калоян Камен Камелия Катерина Катя Кирил Константин Красимир Красимира Кристиан
Кристина Кристиян Лидия Лилия Лиляна Лора Лъчезар Любомир Любомира Людмила Магдалена Мая Маргарита
Мариана Мариан Мария Марио Мартин Мартина Милен Милена Милка Мила Мира Мирослав Мирослава Михаил Михаела
Момчил Моника Надежда Надя Наталия Невена Неда Николай Николета Николина Нина Огнян Олга Орлин Павел
Павлина Пенка Петър Петя Пламен Пламена Полина Преслав Преслава Рада Радка Радослав Радослава Радост
Ралица Росен Росица Румен Румяна Светлана Светла Светлин Светослав Силвия Симеон Симона Славена Слави
Снежана Соня София Станимир Станислав Станислава Стела Стефан Стефани Стефка Стоян Стоянка Тодор Тодорка
Теодор Теодора Тихомир Тоня Христина Христо Цвета Цветан Цветана Цветелина Цветомир Юлиан Юлия Юлияна
Явор Яна Янко Ясен
"""
_RUSSIAN = """
Агата Азамат Айгерим Айгуль Айдар Айнур Айша Александр Александра Алексей Алена Алёна Алина Алиса Алия
Алла Альберт Альбина Амина Анастасия Анатолий Ангелина Андрей Анжела Анна Антон Антонина Ануар Арина
Аркадий Арман Арсен Арсений Артём Артур Асель Асия Асхат Ахмед Бауыржан Богдан Борис Булат Вадим
Валентин Валентина Валерий Валерия Варвара Василий Василиса Вера Вероника Виктор Виктория Виталий Влада
Владимир Владислав Всеволод Вячеслав Галина Гаухар Геннадий Георгий Герман Глеб Григорий Гульмира
Гульнара Дамир Дана Данияр Даниил Данил Дарья Даурен Денис Диана Дина Динара Дмитрий Ева Евгений Евгения
Егор Екатерина Елена Елизавета Ерлан Жанна Жанар Жасулан Зарина Захар Злата Зоя Иван Игорь Илья Инна
Ирина Камила Карина Каролина Катерина Кайрат Кира Кирилл Клара Константин Кристина Ксения Лариса Лев
Леонид Лейла Лилия Лидия Любовь Людмила Мадина Майя Макар Максим Марат Маргарита Мария Марина Марк
Марьям Матвей Милана Мирон Михаил Надежда Назар Наиля Наталия Наталья Никита Николай Нина Нурлан Оксана
Олег Олеся Ольга Павел Платон Полина Прохор Равиль Раиса Рамиль Ренат Ринат Роза Роман Руслан Рустам
Сабина Салтанат Санжар Сауле Светлана Святослав Семён Сергей Снежана София Софья Станислав Степан Таисия
Тамара Татьяна Тимофей Тимур Ульяна Фарида Фатима Фёдор Филипп Эдуард Эльвира Эльмира Эмма Эмиль Юлия
Юрий Яна Ярослав Ярослава
"""
_EITHER = """
Alexe Barbu Constantin Dumitru Gheorghe Ilie Iancu Lazăr Marin Matei Nistor Radu Stan Stoica Toma Tudor
Vasile Martin Grant Kelly Lewis Morgan Murray Owen Quinn Ryan Scott Taylor Tyler Wilson
"""

JOINING = ("Ana", "Anna", "Anne", "Maria", "Mary", "Marie", "Jean", "محمد", "علی", "امیر", "سید")
"""First names that are often borne together with a second one and are spoken with it."""


def plain(word: str) -> str:
    """A word as names are compared: without capitals, accents and variants of letters."""
    apart = unicodedata.normalize("NFKD", word.replace("ي", "ی").replace("ك", "ک"))
    return "".join(each for each in apart if not unicodedata.combining(each)).casefold()


GIVEN = frozenset(
    plain(name) for names in (_ENGLISH, _ROMANIAN, _PERSIAN, _BULGARIAN, _RUSSIAN) for name in names.split()
)
"""All of them, as :func:`plain` writes them."""

EITHER = frozenset(plain(name) for name in _EITHER.split())
"""Names that are family names as often."""
