"""The words of synthetic cohorts: generic services, and short French sentences written for them."""

from __future__ import annotations

SERVICES: dict[str, tuple[str, str, str, str]] = {
    "tsc": ("Travailleuse sociale communautaire", "professional", "social", "Association de quartier"),
    "permanence": ("Permanence-logement", "service", "housing", "Association de quartier"),
    "social": ("Service social", "service", "social", "Aide sociale publique"),
    "mediation-dettes": ("Médiation de dettes", "service", "finance", "Aide sociale publique"),
    "agence": ("Agence immobilière sociale", "service", "housing", ""),
    "societe": ("Société de logement social", "service", "housing", ""),
    "transit": ("Service des logements de transit", "service", "housing", "Commune"),
    "habitat": ("Cellule habitat", "service", "municipality", "Commune"),
    "population": ("Service de la population", "service", "municipality", "Commune"),
    "bourgmestre": ("Cabinet du ou de la bourgmestre", "service", "municipality", "Commune"),
    "mediation": ("Médiation locale", "service", "municipality", "Commune"),
    "inspection": ("Inspection régionale du logement", "service", "housing", ""),
    "justice": ("Justice de paix", "service", "justice", ""),
    "avocat": ("Avocat·e", "professional", "justice", "Aide juridique"),
    "aide-juridique": ("Permanence juridique", "service", "justice", "Aide juridique"),
    "locataires": ("Association de locataires", "service", "advocacy", ""),
    "sante-mentale": ("Centre de santé mentale", "service", "mental_health", ""),
    "psychologue": ("Psychologue de première ligne", "professional", "mental_health", ""),
    "maison-medicale": ("Maison médicale", "service", "health", ""),
    "hopital": ("Service social de l’hôpital", "service", "health", ""),
    "devoirs": ("École de devoirs", "service", "schooling", ""),
    "ecole": ("Service social de l’école", "service", "schooling", ""),
    "alphabetisation": ("Cours de français", "service", "schooling", ""),
    "petite-enfance": ("Consultation des nourrissons", "service", "family", ""),
    "maison-femmes": ("Maison des femmes", "service", "culture", ""),
    "quartier": ("Maison de quartier", "service", "culture", ""),
    "emploi": ("Service d’emploi", "service", "finance", ""),
    "accueil": ("Maison d’accueil", "service", "housing", ""),
}

SUPPORT: dict[str, tuple[str, ...]] = {
    "tsc": ("accompagne chaque semaine", "prépare les démarches", "écoute et fait le point"),
    "permanence": ("a transmis la demande", "suit la recherche de logement"),
    "social": ("octroie le revenu", "étudie la demande d’aide", "garantie locative"),
    "mediation-dettes": ("plan d’apurement", "examine les factures"),
    "agence": ("inscription sur la liste", "propose un logement"),
    "societe": ("inscription sur la liste", "met à jour le dossier"),
    "transit": ("attribue un logement provisoire", "reçoit la demande"),
    "habitat": ("visite le logement", "met en demeure le bailleur"),
    "population": ("règle la domiciliation",),
    "bourgmestre": ("reçoit l’interpellation",),
    "mediation": ("réunit le bailleur et le ménage", "apaise le voisinage"),
    "inspection": ("constate les manquements", "reçoit la plainte"),
    "justice": ("convoque à l’audience", "juge la demande du bailleur"),
    "avocat": ("défend le ménage", "prépare l’audience"),
    "aide-juridique": ("explique le jugement", "relit le bail"),
    "locataires": ("conseille sur le bail", "soutient la mobilisation"),
    "sante-mentale": ("suivi psychologique", "premier entretien"),
    "psychologue": ("quelques entretiens",),
    "maison-medicale": ("suivi médical", "certificat pour le dossier"),
    "hopital": ("alerte sur le logement",),
    "devoirs": ("aide aux devoirs",),
    "ecole": ("signale la fatigue de l’enfant", "reste en contact"),
    "alphabetisation": ("cours deux fois par semaine",),
    "petite-enfance": ("suit le plus jeune",),
    "maison-femmes": ("ateliers et rencontres",),
    "quartier": ("activités pour les enfants", "un lieu calme"),
    "emploi": ("accompagne la formation",),
    "accueil": ("héberge le ménage", "liste d’attente"),
}

OTHERS = (
    ("Voisine de palier", "garde les enfants"),
    ("Voisin du rez-de-chaussée", "prête sa cave"),
    ("Amie de longue date", "écoute le soir"),
    ("Cousine", "a hébergé quelques nuits"),
    ("Parent d’un camarade de classe", "conduit à l’école"),
    ("Propriétaire", "réclame le loyer"),
)

REQUESTS = ("demande d’aide", "prend rendez-vous", "introduit un dossier", "demande conseil")

NEIGHBOURHOODS = ("Quartier de la gare", "Quartier du canal", "Quartier du marché", "Quartier haut")

PLIGHTS = {
    "insalubrity": "Un logement insalubre, que le bailleur ne répare pas.",
    "eviction": "Un bail rompu et une expulsion qui approche.",
    "overcrowding": "Un logement devenu bien trop petit pour la famille.",
    "loss": "Un logement perdu d’un jour à l’autre, des affaires à l’abri chez d’autres.",
    "hosted": "Un ménage sans bail, logé chez des proches.",
}

PROBLEMS = {
    "health_damp": ("Taches noires dans les chambres.", "L’eau entre par le mur du fond."),
    "health_parasites": ("Cafards dans la cuisine.", "Souris la nuit.", "Punaises de lit."),
    "security_heating": ("Poêle à bois non contrôlé.", "Chaudière à l’arrêt tout l’hiver."),
    "health_ventilation": ("Aucune fenêtre ne s’ouvre dans la salle d’eau.",),
    "health_configuration": ("Deux pièces pour toute la famille.", "Les enfants dorment au salon."),
    "security_electricity": ("Prises à nu.", "Le compteur saute chaque soir."),
    "equipment_sanitary": ("Toilettes sur le palier.",),
    "equipment_hot_water": ("Pas d’eau chaude depuis des mois.",),
    "destroyed": ("Incendie dans l’immeuble.", "Plafond effondré."),
}

SYMPTOMS = (
    "Rapporté lors d’un entretien.",
    "Plus fort la nuit.",
    "Depuis l’arrivée dans ce logement.",
    "La maison médicale en est informée.",
)

EVIDENCE = {
    "psychological_impact": ("Pleurs et angoisses lors des entretiens.", "Ne dort plus depuis des semaines."),
    "other_domains": ("Les enfants manquent l’école.", "La vie sociale s’est arrêtée."),
    "independent_difficulties": ("Démarches en français difficiles.", "Problème de santé ancien.", "Lit avec peine."),
    "isolation": ("Aucune famille à Bruxelles.", "Peu de personnes sur qui compter."),
    "eviction": ("Congé reçu du bailleur.", "Jugement d’expulsion.", "Menaces répétées du propriétaire."),
}

EVENTS = {
    "contact": ("Premier contact à la permanence", "Demande transmise à l’équipe"),
    "meeting": ("Bilan de la situation", "Première rencontre à domicile"),
    "notice": ("Congé donné par le bailleur", "Fin de bail annoncée"),
    "judgment": ("Jugement de la justice de paix", "Audience et jugement"),
    "suspension": ("Délai accordé par le juge", "Expulsion suspendue"),
    "appeal": ("Appel du jugement",),
    "eviction": ("Expulsion exécutée", "Départ forcé du logement"),
    "mobilisation": ("Mobilisation avec les locataires", "Courrier commun au bailleur"),
    "interpellation": ("Interpellation de la commune",),
    "transit": ("Entrée en logement de transit", "Quelques mois en maison d’accueil"),
    "health": ("Début d’un suivi psychologique", "Suivi à la maison médicale"),
    "training": ("Reprise d’une formation", "Début d’un cours de français"),
    "collective": ("Première venue à un atelier", "Repas avec d’autres familles"),
    "rehousing": ("Signature d’un bail", "Emménagement dans un logement adéquat"),
    "schooling": ("Inscription à l’école de devoirs", "Rencontre avec l’école"),
    "relay": ("Relais vers un service spécialisé",),
    "closing": ("Fin de l’accompagnement", "Dernier entretien"),
}

AIMS = (
    "Retrouver un logement sain et un quotidien apaisé",
    "Sortir de l’urgence et reprendre pied, ensemble",
    "Vivre dans un logement stable, sans peur du lendemain",
)

OBJECTIVES: dict[str, tuple[str, ...]] = {
    "Obtenir un logement adéquat": (
        "Compléter les inscriptions au logement social",
        "Chercher chaque semaine sur le marché privé",
        "Demander un logement de transit",
        "Préparer la garantie locative",
    ),
    "Rester dans les lieux le temps de trouver": (
        "Préparer l’audience avec l’aide juridique",
        "Négocier un délai avec le bailleur",
        "Établir un plan de paiement",
    ),
    "Faire cesser les manquements du logement": (
        "Demander une visite de la cellule habitat",
        "Envoyer une mise en demeure au bailleur",
        "Rassembler photos et certificats",
    ),
    "Retrouver la sérénité": (
        "Proposer un premier entretien psychologique",
        "Parler du sommeil avec la maison médicale",
        "Participer à un atelier collectif",
    ),
    "Soutenir la scolarité des enfants": (
        "Inscrire les enfants à l’école de devoirs",
        "Rencontrer le service social de l’école",
        "Trouver un lieu calme pour étudier",
    ),
    "Rompre l’isolement": (
        "Visiter ensemble la maison de quartier",
        "Rejoindre un groupe de parents",
        "S’inscrire au cours de français",
    ),
}

MEANS = (
    "Un entretien par semaine",
    "Accompagnement aux rendez-vous",
    "Interprète lors des entretiens",
    "Concertation avec les partenaires",
    "Visites à domicile",
)

NOTES = {
    "battle": ("Éviter l’expulsion", "Trouver un logement assez grand", "Obtenir des réparations"),
    "pitfall": ("Faire à la place du ménage", "Attendre une réponse qui ne vient pas", "Multiplier les démarches"),
    "resource": ("Une mère qui n’abandonne pas", "La solidarité de l’immeuble", "Un réseau de services qui se parle"),
    "network": ("Les partenaires se réunissent avec le ménage", "Un service en cache un autre"),
}

STATEMENTS = {
    "Dit qu’elle respire mieux depuis que quelqu’un l’accompagne.": "soulagement",
    "Explique que les enfants n’invitent plus personne.": "isolement",
    "Raconte que chaque courrier fait peur.": "peur",
    "Trouve que le temps donné compte autant que la solution.": "temps",
    "Aimerait un jour aider d’autres familles.": "entraide",
}
CODES = {
    "vecu": ("", "Ce que le mal-logement fait vivre", "Tout ce qui est dit de la vie dans ce logement."),
    "isolement": ("vecu", "Isolement", "Ne plus voir ni recevoir personne."),
    "peur": ("vecu", "Peur", "Craindre ce qui vient : courrier, propriétaire, expulsion."),
    "apport": ("", "Ce que l’accompagnement apporte", "Tout ce qui est dit de l’accompagnement."),
    "soulagement": ("apport", "Soulagement", "Se sentir mieux de n’être plus seul."),
    "temps": ("apport", "Temps donné", "Le temps passé ensemble compte en lui-même."),
    "entraide": ("apport", "Rendre à son tour", "Vouloir aider d’autres familles."),
    "none": ("", "Lu, aucun code ne convient", "La parole a été lue, et aucun code n’y convient."),
}

WORKSHOPS = {
    "angoisse": ("Angoisse et logement", "anxiety", 2),
    "familles": ("Vivre à l’étroit en famille", "family_dynamics", 4),
    "ecriture": ("Atelier d’écriture", "writing", 8),
    "repas": ("Repas du quartier", "meal", 6),
    "sortie": ("Sortie au vert", "outing", 2),
    "droits": ("Droits des locataires", "housing_rights", 3),
}

PARTNERSHIPS = (
    ("sante-mentale", "structural", "Soutien psychologique des ménages et supervision de l’équipe."),
    ("quartier", "structural", "Activités collectives."),
    ("maison-medicale", "occasional", "Orientation et suivi médical."),
    ("aide-juridique", "occasional", "Défense devant la justice de paix."),
    ("agence", "occasional", "Accès au logement."),
)
