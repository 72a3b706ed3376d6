"""Several places for each person; those who gave a commune alone are told of what concerns a part of it."""

import django.db.models.deletion
from django.db import migrations, models


COARSE = """
INSERT INTO people_audience (zone_id, coarse) SELECT DISTINCT zone_id, true FROM people_place;
INSERT INTO people_subscription (person_id, audience_id, reason, source, grants, muted)
SELECT p.person_id, a.id, 8, p.id, false, false
FROM people_place p JOIN people_audience a ON a.zone_id = p.zone_id AND a.coarse;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0011_vault'),
        ('territory', '0004_ground'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='audience',
            name='audience_of_one',
        ),
        migrations.RemoveConstraint(
            model_name='place',
            name='place_home_once',
        ),
        migrations.AddField(
            model_name='audience',
            name='coarse',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='person',
            name='is_located',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='place',
            name='kind',
            field=models.CharField(choices=[('home', 'Domicile'), ('work', 'Lieu de travail'), ('family', 'Famille'), ('second', 'Résidence secondaire')], default='home', max_length=8),
        ),
        migrations.AddField(
            model_name='place',
            name='precision',
            field=models.CharField(choices=[('commune', 'Commune'), ('quartier', 'Quartier'), ('exact', 'Adresse exacte')], default='commune', max_length=8),
        ),
        migrations.AddField(
            model_name='place',
            name='quartier',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.zone'),
        ),
        migrations.AlterField(
            model_name='audience',
            name='zone',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='audiences', to='territory.zone'),
        ),
        migrations.AlterField(
            model_name='subscription',
            name='reason',
            field=models.PositiveSmallIntegerField(choices=[(0, 'vous êtes membre'), (1, 'vous suivez'), (2, 'vous habitez'), (3, 'votre canton'), (4, 'votre intercommunalité'), (5, 'votre département'), (6, 'votre région'), (7, 'tout le territoire'), (8, 'votre commune contient cette zone'), (9, 'votre quartier'), (10, 'votre lieu de travail'), (11, 'votre famille'), (12, 'votre résidence secondaire'), (13, 'la commune d’un de vos lieux contient cette zone')]),
        ),
        migrations.AddConstraint(
            model_name='audience',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('coarse', False), ('voice__isnull', False), ('zone', None)), models.Q(('voice', None), ('zone__isnull', False)), _connector='OR'), name='audience_of_one'),
        ),
        migrations.AddConstraint(
            model_name='audience',
            constraint=models.UniqueConstraint(fields=('zone', 'coarse'), name='audience_of_zone'),
        ),
        migrations.AddConstraint(
            model_name='place',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'home')), fields=('person',), name='place_home_once'),
        ),
        migrations.AddConstraint(
            model_name='place',
            constraint=models.CheckConstraint(condition=models.Q(('precision', 'quartier'), ('quartier', None), _connector='XOR'), name='place_quartier_of_precision'),
        ),
        migrations.RunSQL(COARSE, migrations.RunSQL.noop),
    ]
