"""A dental practice's services and what its customers might write, labelled with the service they want."""

from followthrough.tenant.models import Identify


class Named:
    """A service reduced to how it is recognised."""

    def __init__(self, keywords: list[str], examples: list[str]) -> None:
        self.identify = Identify(keywords=keywords, examples=examples)


SERVICES = {
    "cleaning": Named(
        ["cleaning", "hygienist", "limpieza", "higienista"],
        [
            "I'd like to get my teeth cleaned",
            "can I see the hygienist next week?",
            "time for my six month checkup and polish",
            "book a teeth cleaning",
            "quiero una limpieza dental",
            "me toca la limpieza de los seis meses",
            "quisiera limpiarme los dientes",
        ],
    ),
    "emergency_visit": Named(
        ["emergency", "toothache", "broken tooth", "emergencia", "urgencia", "dolor de muelas"],
        [
            "I broke a tooth and it hurts a lot",
            "my tooth hurts, I am in pain",
            "my gum is swollen and bleeding",
            "a filling fell out, I need someone today",
            "me duele mucho una muela",
            "se me rompió un diente",
            "tengo la encía hinchada y sangra",
        ],
    ),
    "cancel_visit": Named(
        ["cancel", "cancelar", "anular"],
        [
            "I need to cancel my appointment",
            "I can't make it, please cancel",
            "I won't be able to come",
            "quiero cancelar mi cita",
            "no voy a poder ir a la cita",
        ],
    ),
    "move_visit": Named(
        ["reschedule", "move", "postpone", "reprogramar", "cambiar"],
        [
            "can I move my appointment to another day?",
            "I need to reschedule",
            "could we change my appointment to a later time?",
            "quiero cambiar la cita para otro día",
            "¿podemos pasar mi cita a otra hora?",
        ],
    ),
}

SAID = {
    "cleaning": """
I'd like a cleaning next Tuesday at 3
can i get my teeth cleaned on friday
Need a cleaning asap pls
Hi! Is the hygienist free tomorrow morning?
dental cleaning for my daughter
It's been a year, I should get my teeth cleaned
I want to book two cleanings for me and my wife
CLEANING TOMORROW 10AM
do you have any cleanings left this week
teeth cleening please
I'm due for my six month checkup
I don't have pain, I just want a cleaning
Quiero una limpieza para el martes
necesito una limpieza dental
¿Tienen hora con la higienista mañana?
Buenas tardes, me gustaría hacerme una limpieza
limpieza
quisiera limpiarme los dientes la próxima semana
una limpiesa dental por favor
Limpiezas para dos personas, por favor
""",
    "emergency_visit": """
I have a terrible toothache
My tooth broke, can someone see me today?
it's an emergency
I chipped my tooth and it hurts
emergency!! my son knocked out a tooth
my gums are swollen and bleeding
I'm in a lot of pain
my tooth hurts so bad I can't sleep
my filling fell out this morning
a broken tooth, please help
I have tooth pain since yesterday
Me duele una muela
tengo una emergencia
Es una urgencia, se me rompió una muela
dolor de muelas horrible desde ayer
me duele mucho un diente
Tengo la encía muy hinchada
se me cayó un empaste y me duele
""",
    "cancel_visit": """
cancel my cleaning
I need to cancel my appointment on Tuesday
Please cancel
Can you cancel tomorrow's visit?
I have to cancel, I'm sick
sorry I won't be able to come tomorrow
cancelling my appointment for friday
I'd like to cancel the emergency visit, it's better now
I don't want to move it, just cancel
quiero cancelar mi cita
Necesito cancelar la limpieza del martes
por favor cancele mi cita de mañana
tengo que anular la cita
no voy a poder ir mañana
CANCELAR
""",
    "move_visit": """
Can I move my appointment to Friday?
reschedule please
I need to reschedule my cleaning
could we move my cleaning to next week
can we postpone to Thursday
I'd like to change my appointment to a later time
Can I change my cleaning from Monday to Wednesday?
I don't want to cancel, can I move it to Friday?
need to move tomorrow's visit
rescheduling my appointment
Quiero cambiar mi cita
¿puedo cambiar la limpieza para el viernes?
necesito reprogramar mi cita
¿Podemos pasar la cita a otra hora?
cambiar la cita del lunes al miércoles
""",
    None: """
what's the weather like?
Can you recommend a good restaurant?
Who won the game last night?
What are your opening hours?
do you take Delta insurance
where can I park?
I'd like to order a pizza
book me a flight to Boston
hello
thanks!
ok
asdf qwer
tell me a joke
you have won a free cruise, click here
Can I speak to a human?
I don't want a cleaning
my invoice is wrong
what time is it
I need an appointment
¿Qué tiempo hace hoy?
¿aceptan mi seguro?
¿Dónde están ubicados?
quiero pedir una pizza
buenos días
¿cuál es su dirección?
quiero hablar con una persona
no quiero una limpieza
¿quién ganó el partido?
""",
}

UTTERANCES = [(said, service) for service, lines in SAID.items() for said in lines.strip().splitlines()]
