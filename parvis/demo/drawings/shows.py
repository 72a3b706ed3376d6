"""Drawings of what one listens to, watches, reads and talks about."""

import math
from random import Random

from parvis.demo.drawings.sheet import HEIGHT, OCHRE, SLATE, STRAW, TILE, WIDTH, Ink, Sheet, around, curve

SKINS = (TILE, STRAW, "#F6D3B5", "#C58455", "#8A5230", "#5E3620")
HAIRS = (SLATE, OCHRE, "#0C1215", "#A9502D", "#B9B1A0")


def voices(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """Choristers in three rows, mouths open."""
    for row, (y, size, count) in enumerate(((250, 66, 9), (430, 84, 7), (640, 106, 6))):
        gap = WIDTH / (count - 0.5)
        for place in range(-1, count + 1):
            x = place * gap + (gap / 2 if row % 2 else 0)
            robe = (ink.main, ink.other, ink.pale)[(place + row + chance.randrange(2)) % 3]
            sheet.dome(robe, x, y + size * 2.5, size * 1.42)
            sheet.bar(robe, x - size * 1.42, y + size * 2.5 - 1, x + size * 1.42, HEIGHT + 10)
            skin, hair = chance.choice(SKINS), chance.choice(HAIRS)
            if chance.random() < 0.4:
                sheet.bar(hair, x - size * 1.06, y - size * 0.1, x + size * 1.06, y + size * 1.1, corner=size * 0.4)
            sheet.bar(skin, x - size * 0.3, y + size * 0.6, x + size * 0.3, y + size * 1.3, corner=size * 0.28)
            sheet.disc(hair, x, y - size * 0.06, size * 1.06)
            sheet.disc(skin, x, y + size * 0.16, size * 0.9)
            mouth = chance.uniform(0.3, 0.46) * size
            sheet.oval("#4A160A", x, y + size * 0.56, mouth, mouth * 1.3)
            for side in (-1, 1):
                sheet.disc(SLATE, x + side * size * 0.32, y + size * 0.1, size * 0.08)


def notes(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """A staff that waves, notes going up and down."""
    lean, phase = chance.uniform(90, 170), chance.uniform(0, math.tau)
    sheet.disc(ink.back, chance.uniform(250, 1350), 450, 360)

    def middle(x: float) -> float:
        return 450 + lean * math.sin(x / 1600 * math.tau * 0.9 + phase)

    for stave in range(-2, 3):
        sheet.line(ink.pale, 10, *((x, middle(x) + stave * 66) for x in range(-20, WIDTH + 40, 20)))
    x = 130.0
    while x < 1480:
        step = chance.randint(-3, 3)
        y, colour = middle(x) + step * 33, chance.choice((ink.main, ink.other))
        stem, up = 210, 1 if step >= 0 else -1
        pair = chance.random() < 0.4 and x < 1300
        for head in (x, x + 150) if pair else (x,):
            foot = middle(head) + step * 33
            sheet.line(colour, 16, (head + up * 44, foot), (head + up * 44, y - up * stem))
            sheet.oval(colour, head, foot, 112, 82, tilt=-24)
        if pair:
            sheet.line(colour, 34, (x + up * 44, y - up * stem), (x + 150 + up * 44, y - up * stem))
        x += 330 if pair else 190


def stage(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """A stage under spotlights: a microphone, amplifiers, a drum."""
    for lamp in (230, 800, 1370):
        foot = 800 + (lamp - 800) * chance.uniform(0.1, 0.6)
        sheet.shape(ink.back, (lamp - 30, 60), (lamp + 30, 60), (foot + 260, 760), (foot - 260, 760))
    for lamp in (230, 800, 1370):
        sheet.bar(ink.pale, lamp - 60, 0, lamp + 60, 70, corner=12)
        sheet.disc(ink.bright, lamp, 78, 44)
    sheet.bar(ink.pale, 0, 740, WIDTH, HEIGHT)
    sides = [(150, 470), (1180, 410)]
    chance.shuffle(sides)
    for (left, top), colour in zip(sides, (ink.main, ink.other), strict=True):
        sheet.bar(colour, left, top, left + 270, 760, corner=18)
        for row in range(2):
            radius = 62 + 36 * row
            sheet.ring(ink.ground, ink.pale, left + 135, top + 86 + row * 150, radius, 16)
            sheet.disc(ink.ground, left + 135, top + 86 + row * 150, radius * 0.3)
    drum = chance.choice((560, 980))
    sheet.ring(ink.bright, ink.pale, drum, 640, 130, 22)
    sheet.line(ink.bright, 10, (drum - 140, 480), (drum - 140, 760))
    sheet.oval(ink.bright, drum - 140, 470, 190, 24, tilt=chance.choice((-12, 12)))
    stand = 1540 - drum
    sheet.line(ink.main, 14, (stand, 380), (stand, 800), (stand - 80, 830))
    sheet.line(ink.main, 14, (stand, 800), (stand + 80, 830))
    sheet.oval(ink.other, stand - 24, 350, 76, 110, tilt=-30)


def curtain(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """A theatre curtain opens on a single thing."""
    sheet.bar(ink.back, 0, 700, WIDTH, HEIGHT)
    centre = chance.uniform(720, 880)
    sheet.shape(ink.pale, (centre - 50, 0), (centre + 50, 0), (centre + 330, 770), (centre - 330, 770))
    sheet.oval(ink.pale, centre, 770, 660, 130)
    _prop(sheet, ink, chance, centre)
    for side in (-1, 1):
        for fold in range(6):
            x = 800 + side * (800 - fold * 78)
            colour = ink.main if fold % 2 else ink.other
            low = HEIGHT - abs(fold - 2) * 22
            sheet.shape(colour, (x, 0), (x - side * 100, 0), (x - side * (70 + fold * 4), low), (x, low))
    for scallop in range(9):
        sheet.disc(ink.main if scallop % 2 else ink.other, scallop * 200, 0, 120, to_angle=180)


def _prop(sheet: Sheet, ink: Ink, chance: Random, x: float) -> None:
    """What waits on the stage: a chair, an umbrella, a suitcase, a hat."""
    match chance.choice(("chair", "umbrella", "suitcase", "hat")):
        case "chair":
            sheet.bar(ink.main, x - 90, 400, x - 66, 780)
            sheet.bar(ink.main, x - 90, 590, x + 90, 616)
            sheet.bar(ink.main, x + 66, 590, x + 90, 780)
            sheet.bar(ink.main, x - 90, 400, x + 40, 440)
        case "umbrella":
            sheet.line(ink.main, 16, (x, 470), (x, 750), (x + 26, 772), (x + 52, 750))
            sheet.dome(ink.other, x, 560, 200)
            for rib in (-133, 0, 133):
                sheet.dome(ink.pale, x + rib, 564, 67)
        case "suitcase":
            sheet.ring(ink.main, ink.pale, x, 560, 70, 18)
            sheet.bar(ink.other, x - 180, 560, x + 180, 780, corner=20)
            for strap in (-110, 90):
                sheet.bar(ink.bright, x + strap, 560, x + strap + 24, 780)
        case _:
            sheet.oval(ink.main, x, 760, 420, 70)
            sheet.bar(ink.main, x - 120, 520, x + 120, 756, corner=24)
            sheet.bar(ink.bright, x - 120, 670, x + 120, 716)


def film(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """The beam of a projector crosses the room to the screen."""
    top = chance.uniform(90, 140)
    sheet.shape(ink.back, (330, 420), (330, 500), (1500, 640), (1500, top))
    sheet.bar(ink.pale, 960, top, 1500, 640)
    picture = chance.randrange(3)
    if picture == 0:
        sheet.disc(ink.bright, 1230, 360, 120)
        sheet.shape(ink.main, (960, 640), (1160, 400), (1290, 560), (1370, 470), (1500, 640))
    elif picture == 1:
        for building in range(6):
            left, high = 980 + building * 86, chance.uniform(120, 360)
            sheet.bar(ink.main if building % 2 else ink.other, left, 640 - high, left + 78, 640)
            sheet.bar(ink.bright, left + 26, 670 - high, left + 50, 704 - high)
    else:
        for step in range(5):
            sheet.disc(ink.main if step % 2 else ink.other, 1230, 390, 210 - step * 42)
    sheet.bar(ink.main, 120, 380, 340, 560, corner=16)
    for x, y, radius in ((150, 330, 84), (320, 300, 110)):
        sheet.disc(ink.other, x, y, radius)
        for hole in around(x, y, radius * 0.55, 5, start=chance.uniform(0, 72)):
            sheet.disc(ink.ground, *hole, radius * 0.2)
    sheet.line(ink.main, 18, (200, 560), (140, 720))
    sheet.line(ink.main, 18, (260, 560), (320, 720))
    sheet.bar(ink.main, 0, 730, WIDTH, HEIGHT)
    for frame in range(14):
        x = frame * 124 - chance.randrange(4)
        sheet.bar(ink.pale, x + 16, 746, x + 46, 764)
        sheet.bar(ink.pale, x + 16, 866, x + 46, 884)
        sheet.bar(ink.other if frame % 3 else ink.bright, x + 8, 782, x + 112, 848, corner=6)


def books(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """Books on two shelves, a few of them leaning."""
    for shelf in (430, 850):
        x = 60.0
        while x < 1500:
            tall, thick = chance.uniform(220, 330), chance.uniform(44, 92)
            colour = chance.choice((ink.main, ink.other, ink.pale, ink.bright))
            if chance.random() < 0.1:
                x += thick * 1.6
                continue
            lean = 80 if chance.random() < 0.12 else 0
            corners = ((x + lean, shelf - tall), (x + lean + thick, shelf - tall + lean * 0.2), (x + thick, shelf))
            sheet.shape(colour, *corners, (x, shelf))
            for band in (0.16, 0.22, 0.82):
                y, slant = shelf - tall * (1 - band), lean * (1 - band)
                stripe = ink.ground if band > 0.2 else ink.back
                sheet.line(stripe, 8, (x + slant + 10, y), (x + slant + thick - 10, y + lean * 0.1))
            x += thick + lean + 6
        sheet.bar(ink.back, 0, shelf, WIDTH, shelf + 36)


def letters(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """Wooden type, ready to be inked."""
    size = 268
    for row in range(3):
        for column in range(6):
            left, top = 8 + column * size, 34 + row * (size + 14)
            block, mark = chance.sample((ink.main, ink.other, ink.pale, ink.bright, ink.back), 2)
            sheet.bar(block, left + 8, top, left + size - 6, top + size, corner=14)
            _glyph(sheet, chance.randrange(7), mark, block, left + size / 2, top + size / 2)


def _glyph(sheet: Sheet, kind: int, mark: str, block: str, x: float, y: float) -> None:
    """One of seven signs, 180 wide."""
    if kind == 0:
        sheet.ring(mark, block, x, y, 92, 40)
    elif kind == 1:
        sheet.shape(mark, (x, y - 96), (x + 92, y + 92), (x - 92, y + 92))
        sheet.shape(block, (x, y + 6), (x + 34, y + 92), (x - 34, y + 92))
    elif kind == 2:
        sheet.bar(mark, x - 88, y - 92, x - 44, y + 92)
        sheet.disc(mark, x - 44, y - 40, 52, from_angle=-90, to_angle=90)
        sheet.disc(mark, x - 44, y + 40, 52, from_angle=-90, to_angle=90)
        sheet.bar(mark, x - 44, y - 92, x + 20, y + 92, corner=50)
    elif kind == 3:
        for step in (-76, -16, 44):
            sheet.bar(mark, x - 86, y + step, x + 86, y + step + 38)
        sheet.bar(mark, x - 86, y - 76, x - 44, y + 82)
    elif kind == 4:
        sheet.disc(mark, x - 88, y + 90, 178, from_angle=270, to_angle=360)
    elif kind == 5:
        sheet.shape(mark, (x - 90, y - 92), (x - 36, y - 92), (x + 90, y + 92), (x + 36, y + 92))
        sheet.shape(mark, (x + 36, y - 92), (x + 90, y - 92), (x - 36, y + 92), (x - 90, y + 92))
    else:
        sheet.disc(mark, x, y - 46, 46)
        sheet.disc(mark, x, y + 50, 46)


def bubbles(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """Speech bubbles of all sizes."""
    for turn, (left, top) in enumerate(((90, 90), (600, 60), (1090, 130), (180, 480), (690, 430), (1130, 520))):
        wide, high = chance.uniform(330, 470), chance.uniform(200, 280)
        x, y = left + chance.uniform(-50, 30), top + chance.uniform(-40, 40)
        colour = (ink.main, ink.pale, ink.other, ink.pale, ink.bright, ink.main)[turn]
        sheet.bar(colour, x, y, x + wide, y + high, corner=70)
        tip = x + (90 if turn % 2 else wide - 90)
        lean = -70 if turn % 2 else 70
        sheet.shape(colour, (tip - 46, y + high - 10), (tip + 46, y + high - 10), (tip + lean, y + high + 80))
        words = ink.ground if colour != ink.pale else ink.main
        if chance.random() < 0.4:
            for dot in range(3):
                sheet.disc(words, x + wide / 2 + (dot - 1) * 84, y + high / 2, 26)
        else:
            for row in range(3):
                end = x + wide - 70 - (chance.uniform(20, 150) if row == 2 else chance.uniform(0, 60))
                sheet.line(words, 20, (x + 74, y + high / 2 + (row - 1) * 56), (end, y + high / 2 + (row - 1) * 56))


def puppets(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """Two puppets talk in their booth."""
    for stripe in range(10):
        sheet.bar(ink.back if stripe % 2 else ink.ground, stripe * 160, 0, stripe * 160 + 160, HEIGHT)
    sheet.bar(ink.main, 180, 40, 1420, HEIGHT)
    sheet.bar(ink.pale, 260, 150, 1340, 620)
    for scallop in range(9):
        sheet.disc(ink.bright if scallop % 2 else ink.other, 248 + scallop * 138, 140, 70, to_angle=180)
    for x, robe, skin in ((570, ink.other, ink.bright), (1030, ink.main, ink.other)):
        lean = chance.uniform(-16, 16)
        sheet.shape(robe, (x - 130, 620), (x + 130, 620), (x + 50 + lean, 380), (x - 50 + lean, 380))
        reach = 70 if x < 800 else -70
        sheet.line(robe, 54, (x + lean, 440), (x + reach + lean, 400 + chance.uniform(-30, 40)))
        sheet.disc(skin, x + lean, 330, 82)
        hat = chance.randrange(3)
        if hat == 0:
            sheet.shape(ink.ground, (x - 78 + lean, 290), (x + 78 + lean, 290), (x + lean, 176))
        elif hat == 1:
            sheet.dome(ink.ground, x + lean, 320, 92)
        else:
            for peak in (-1, 0, 1):
                sheet.shape(
                    ink.ground, *((x + lean + peak * 50 + dx, 282 + dy) for dx, dy in ((-30, 0), (30, 0), (0, -84)))
                )
        face = ink.pale if skin != ink.pale else ink.main
        sheet.disc(face, x + lean + reach * 0.5, 330, 15)
        sheet.disc(face, x + lean + reach * 1.14, 356, 22)
    sheet.bar(ink.other, 180, 620, 1420, 690)
    for lozenge in range(8):
        x = 260 + lozenge * 155
        sheet.shape(ink.bright, (x, 790 - 70), (x + 62, 790), (x, 790 + 70), (x - 62, 790))


def frames(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """Pictures of all sizes on the wall of a gallery."""
    sheet.bar(ink.back, 0, 760, WIDTH, HEIGHT)
    x = 90.0
    while x < 1400:
        wide = chance.uniform(200, 380)
        wide = min(wide, 1520 - x)
        high = chance.uniform(240, 460)
        top = 360 - high / 2 + chance.uniform(-24, 24)
        sheet.bar(ink.main, x, top, x + wide, top + high)
        sheet.bar(ink.pale, x + 22, top + 22, x + wide - 22, top + high - 22)
        middle, centre = x + wide / 2, top + high / 2
        small = min(wide, high) / 2 - 52
        subject = chance.randrange(4)
        if subject == 0:
            sheet.disc(ink.bright, middle, centre, small)
            sheet.bar(ink.other, x + 22, centre, x + wide - 22, top + high - 22)
        elif subject == 1:
            sheet.shape(
                ink.other, (middle, centre - small), (middle + small, centre + small), (middle - small, centre + small)
            )
        elif subject == 2:
            for turn in range(3):
                sheet.disc((ink.other, ink.bright, ink.pale)[turn], middle, centre, small * (1 - turn * 0.32))
        else:
            for turn in range(4):
                left = middle - small + turn * small / 2
                sheet.bar(
                    (ink.other, ink.bright)[turn % 2],
                    left,
                    centre - small,
                    left + small / 2,
                    centre + small * (1 - turn * 0.3),
                )
        x += wide + chance.uniform(50, 90)
    seat = chance.uniform(420, 900)
    sheet.bar(ink.other, seat, 720, seat + 420, 752, corner=10)
    for leg in (seat + 30, seat + 370):
        sheet.bar(ink.other, leg, 740, leg + 22, 836)


def lanterns(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """Paper lanterns along strings, at night."""
    for string in range(3):
        start, end = (-20, chance.uniform(40, 160) + string * 190), (WIDTH + 20, chance.uniform(40, 160) + string * 190)
        bend = (800 + chance.uniform(-200, 200), start[1] + 260)
        wire = curve(start, bend, end, 60)
        sheet.line(ink.back, 8, *wire)
        for place in range(6 + string % 2 * 4, 60, 11):
            x, y = wire[place]
            size = chance.uniform(52, 74) + string * 12
            colour = chance.choice((ink.main, ink.other, ink.bright, ink.pale))
            sheet.oval(colour, x, y + size + 14, size * 1.7, size * 1.9)
            for rib in (-0.5, 0, 0.5):
                sheet.line(
                    ink.ground,
                    5,
                    (x - size * 0.7, y + size + 14 + rib * size),
                    (x + size * 0.7, y + size + 14 + rib * size),
                )
            sheet.bar(ink.back, x - 20, y + 4, x + 20, y + 20)
            sheet.bar(ink.back, x - 16, y + size * 1.95 + 8, x + 16, y + size * 1.95 + 22)
