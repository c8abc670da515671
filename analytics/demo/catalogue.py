"""The cases and resources of the demo. Invented, like everybody who works on them."""

from datetime import timedelta
from typing import NamedTuple

CARDIOLOGY, EMERGENCY, SURGERY = "cardiology", "emergency medicine", "surgery"
RESPIRATORY, NEUROLOGY = "respiratory medicine", "neurology"
SPECIALTIES = (CARDIOLOGY, EMERGENCY, SURGERY, RESPIRATORY, NEUROLOGY)
BEGINNER, INTERMEDIATE, ADVANCED = "beginner", "intermediate", "advanced"
STAGES = ("history", "examination", "investigations", "diagnosis", "management")


class Case(NamedTuple):
    """minutes   what working through it takes
    loses     how much likelier than usual it is given up
    hard      the stage where most give it up
    """

    id: str
    title: str
    specialty: str
    difficulty: str
    minutes: int
    loses: float = 1.0
    hard: str = "diagnosis"


class Resource(NamedTuple):
    type: str
    id: str
    name: str
    specialty: str
    minutes: int


CASES = (
    Case("card-01", "Chest Pain on the Stairs", CARDIOLOGY, BEGINNER, 9),
    Case("card-02", "Palpitations at Night", CARDIOLOGY, BEGINNER, 10),
    Case("card-03", "Anterior Wall Infarction", CARDIOLOGY, INTERMEDIATE, 14),
    Case("card-04", "Breathless after the Flu", CARDIOLOGY, INTERMEDIATE, 15),
    Case("card-05", "Collapse during Training", CARDIOLOGY, INTERMEDIATE, 13),
    Case("card-06", "Aortic Stenosis before Surgery", CARDIOLOGY, ADVANCED, 18, 1.4, "management"),
    Case("card-07", "Cardiogenic Shock", CARDIOLOGY, ADVANCED, 20, 1.6, "management"),
    Case("emer-01", "Abdominal Pain Diagnosis", EMERGENCY, BEGINNER, 10),
    Case("emer-02", "Wasp Sting in the Garden", EMERGENCY, BEGINNER, 8),
    Case("emer-03", "Fever without a Source", EMERGENCY, INTERMEDIATE, 13),
    Case("emer-04", "Paracetamol Overdose", EMERGENCY, INTERMEDIATE, 14),
    Case("emer-05", "Sepsis I: Recognise It", EMERGENCY, INTERMEDIATE, 14),
    Case("emer-06", "Sepsis II: The First Hour", EMERGENCY, ADVANCED, 19, 3.0, "investigations"),
    Case("emer-07", "Motorway Collision", EMERGENCY, ADVANCED, 21, 1.5, "examination"),
    Case("surg-01", "Right Lower Quadrant Pain", SURGERY, BEGINNER, 9),
    Case("surg-02", "Gallstones after the Feast", SURGERY, BEGINNER, 10),
    Case("surg-03", "Swelling in the Groin", SURGERY, INTERMEDIATE, 11),
    Case("surg-04", "Wound that Will Not Heal", SURGERY, INTERMEDIATE, 14),
    Case("surg-05", "Bowel Obstruction", SURGERY, ADVANCED, 17, 1.3, "management"),
    Case("surg-06", "Third Day after Colectomy", SURGERY, ADVANCED, 18, 2.2, "diagnosis"),
    Case("resp-01", "Wheeze in the Waiting Room", RESPIRATORY, BEGINNER, 9),
    Case("resp-02", "Pulmonary Embolism after a Flight", RESPIRATORY, INTERMEDIATE, 14),
    Case("neur-01", "Worst Headache of Her Life", NEUROLOGY, INTERMEDIATE, 13),
    Case("neur-02", "Sudden Weakness at Breakfast", NEUROLOGY, ADVANCED, 16, 1.2, "investigations"),
)
# Came in a new version, so long before the demo was loaded.
NEW_VERSION, NEW_VERSION_BEFORE = "emer-06", timedelta(weeks=14)

RESOURCES = (
    Resource("learning_module", "module-ecg", "ECG Interpretation", CARDIOLOGY, 18),
    Resource("learning_module", "module-heart-failure", "Heart Failure Step by Step", CARDIOLOGY, 16),
    Resource("learning_module", "module-abcde", "The ABCDE Approach", EMERGENCY, 12),
    Resource("learning_module", "module-shock", "Kinds of Shock", EMERGENCY, 15),
    Resource("learning_module", "module-acute-abdomen", "The Acute Abdomen", SURGERY, 17),
    Resource("learning_module", "module-fluids", "Fluids before and after Surgery", SURGERY, 13),
    Resource("learning_module", "module-blood-gases", "Reading Blood Gases", RESPIRATORY, 14),
    Resource("video", "video-auscultation", "Heart Sounds at the Bedside", CARDIOLOGY, 8),
    Resource("video", "video-echo", "A First Look at Echocardiography", CARDIOLOGY, 11),
    Resource("video", "video-airway", "Keeping the Airway Open", EMERGENCY, 7),
    Resource("video", "video-triage", "Triage in Ninety Seconds", EMERGENCY, 6),
    Resource("video", "video-sutures", "Four Sutures", SURGERY, 9),
    Resource("video", "video-neuro-exam", "The Short Neurological Examination", NEUROLOGY, 10),
    Resource("quiz", "quiz-arrhythmia", "Name that Rhythm", CARDIOLOGY, 6),
    Resource("quiz", "quiz-sepsis", "Sepsis: What First?", EMERGENCY, 5),
    Resource("quiz", "quiz-drains", "Drains and Tubes", SURGERY, 5),
    Resource("quiz", "quiz-stroke", "Stroke or Not?", NEUROLOGY, 5),
    Resource("reference", "reference-doses", "Emergency Drug Doses", EMERGENCY, 2),
    Resource("reference", "reference-anticoagulation", "Anticoagulation at a Glance", CARDIOLOGY, 3),
    Resource("reference", "reference-antibiotics", "Antibiotics before Surgery", SURGERY, 2),
)
