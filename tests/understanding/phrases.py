"""What customers write about times, with what they mean on Wednesday 18 November 2026 at 10:00 in Chicago.

A line is `language | phrase | local time`. `~` before the time: no clock time was said. `-`: only asking helps.
"""

PHRASES = """
en | I'd like a cleaning next Tuesday at 3 | 2026-11-24 15:00
en | tomorrow at 3pm | 2026-11-19 15:00
en | tomorrow | ~2026-11-19 09:00
en | today at 2 | 2026-11-18 14:00
en | today at 9 | -
en | today | ~2026-11-18 10:00
en | tonight | ~2026-11-18 18:00
en | tonight at 8 | 2026-11-18 20:00
en | tomorrow morning | ~2026-11-19 09:00
en | tomorrow night at 7:30 | 2026-11-19 19:30
en | day after tomorrow at noon | 2026-11-20 12:00
en | Friday at 10:30 a.m. | 2026-11-20 10:30
en | this Friday afternoon | ~2026-11-20 14:00
en | next Wednesday at 4 | 2026-11-25 16:00
en | this Wednesday at 4 | 2026-11-18 16:00
en | in 3 days | ~2026-11-21 09:00
en | in two weeks at 9am | 2026-12-02 09:00
en | a week from Tuesday at 3 o'clock | 2026-12-01 15:00
en | in 2 hours | 2026-11-18 12:00
en | as soon as possible please | ~2026-11-18 10:00
en | Dec 3 | ~2026-12-03 09:00
en | December 3rd at 15:00 | 2026-12-03 15:00
en | 3rd of December at half past 3 | 2026-12-03 15:30
en | Dec. 3, 2026 at 3:30 p.m. | 2026-12-03 15:30
en | the third of December at 2 | 2026-12-03 14:00
en | Thursday the twenty-sixth at 3 | 2026-11-26 15:00
en | Dec 3 1pm | 2026-12-03 13:00
en | 12/3 at 11 | 2026-12-03 11:00
en | 25/12 | ~2026-12-25 09:00
en | 2026-12-03 15:00 | 2026-12-03 15:00
en | 2026-12-03T15:00:00Z | 2026-12-03 09:00
en | the 24th at quarter past two | 2026-11-24 14:15
en | Tuesday the 24th at quarter to 4 | 2026-11-24 15:45
en | Tuesday 1 at 3 | 2026-12-01 15:00
en | Tuesday between 2 and 4 | 2026-11-24 14:00
en | tomorrow 3-5pm | 2026-11-19 15:00
en | Friday after 3 | 2026-11-20 15:00
en | eight in the evening on Friday | 2026-11-20 20:00
en | tomorrow at 7 in the morning | 2026-11-19 07:00
en | Tuesday next week at 5 | 2026-11-24 17:00
en | March 3 at 2pm | 2027-03-03 14:00
en | Good morning, can I come by Monday around 4? | 2026-11-23 16:00
en | I can't do Tuesday, how about Thursday at 3? | 2026-11-19 15:00
en | No, tomorrow at 4 | 2026-11-19 16:00
en | my tooth broke yesterday, can I come in today at 3? | 2026-11-18 15:00
en | a cleaning for my 2 kids tomorrow at 3pm, call 312-555-0100 | 2026-11-19 15:00
en | Tuesday the 25th | -
en | Tuesday or Wednesday at 3 | -
en | Tuesday at 3 or 4 | -
en | tomorrow 10 to 3pm | -
en | tomorrow at 3pm in the morning | -
en | Tuesday 3 | -
en | Tuesday in December | -
en | on Sunday next week | -
en | Tuesday the week after next | -
en | not Tuesday, Wednesday | -
en | any day but Tuesday | -
en | before Friday | -
en | next week | -
en | yesterday | -
en | Nov 3 | -
en | Feb 30 | -
en | tomorrow at midnight | -
en | tomorrow at 25 | -
en | My last cleaning was June 3 | -
en | I live at 5 Main Street | -
en | at 3 | -
en | hello | -
es | el próximo martes a las 3 | 2026-11-24 15:00
es | mañana a las 3 y media | 2026-11-19 15:30
es | mañana por la mañana | ~2026-11-19 09:00
es | pasado mañana a las 10 de la mañana | 2026-11-20 10:00
es | hoy a las 4 de la tarde | 2026-11-18 16:00
es | esta noche a las ocho | 2026-11-18 20:00
es | el 3 de diciembre a las 15:00 | 2026-12-03 15:00
es | el quince de enero a las 9:30 a. m. | 2027-01-15 09:30
es | 3/12 a las 11 | 2026-12-03 11:00
es | el martes 24 a las cuatro menos cuarto | 2026-11-24 15:45
es | el jueves veintiséis a las 3 | 2026-11-26 15:00
es | el viernes que viene a mediodía | 2026-11-20 12:00
es | martes de la semana que viene a las 5 | 2026-11-24 17:00
es | dentro de tres días | ~2026-11-21 09:00
es | en media hora | 2026-11-18 10:30
es | el jueves a la una | 2026-11-19 13:00
es | sábado a las once | 2026-11-21 11:00
es | entre las 3 y las 5 mañana | 2026-11-19 15:00
es | Buenos días, ¿tienen algo para el viernes por la tarde? | ~2026-11-20 14:00
es | el martes no puedo, mejor el jueves a las 10 | 2026-11-19 10:00
es | Me duele desde el lunes, ¿puedo ir mañana a las 9? | 2026-11-19 09:00
es | lo antes posible | ~2026-11-18 10:00
es | martes o miércoles | -
es | en ocho días | -
es | mar 24 | -
es | el miércoles pasado | -
es | cualquier martes | -
es | antes del viernes | -
es | quiero cambiar mi cita del martes al jueves | -
es | el primer martes de diciembre | -
es | mañana a las 12 de la noche | -
"""
