-- A shop in German with Spanish neighbours, in a schema of its own: camelCase, composite keys, an array, a view.
create schema laden;
create table laden."Kunde" (
    "KundenNr" varchar(12) primary key, "Anrede" varchar(10), "Vorname" varchar(60), "Nachname" varchar(60), "EMail" varchar(120),
    "Telefon" varchar(40), "Geburtsdatum" date, "IBAN" varchar(34), "Kennwort" varchar(100), "Bemerkung" text
);
insert into laden."Kunde" select 'K-' || 10000 + n, 'Frau', 'Sabine', 'Schmidt', 'kundin' || n || '@example.de', '030 / 12345-' || n, '1971-05-06',
    'DE89370400440532013000', '$2y$10$' || md5(n::text), 'ruft gern am Abend nach sechs an' from generate_series(1, 40) n;
create table laden."Anschrift" ("AnschriftID" integer primary key, "KundenNr" varchar(12), "Strasse" text, "PLZ" varchar(5), "Ort" text);
insert into laden."Anschrift" select n, 'K-' || 10000 + n, 'Weg ' || n, '10115', 'Berlin' from generate_series(1, 40) n;
create table laden."Bestellung" (
    "Filiale" integer, "Nummer" integer, "KundenNr" varchar(12), "LieferanschriftID" integer, "BestelltAm" timestamp, "BearbeiterID" integer,
    primary key ("Filiale", "Nummer")
);
insert into laden."Bestellung" select n % 3, n, 'K-' || 10001 + n % 40, 1 + n % 40, now(), 1 from generate_series(1, 60) n;
create table laden."BestellPosition" (
    "Filiale" integer, "Nummer" integer, "Zeile" integer, "Artikel" text, "Menge" integer, primary key ("Filiale", "Nummer", "Zeile"),
    foreign key ("Filiale", "Nummer") references laden."Bestellung" ("Filiale", "Nummer")
);
insert into laden."BestellPosition" select n % 3, n, 1, 'Hose', 1 from generate_series(1, 60) n;
create table laden."Rechnung" ("RechnungsID" integer primary key, "KundenNr" varchar(12), "Betrag" numeric(10, 2), "Datum" date);
insert into laden."Rechnung" select n, 'K-' || 10001 + n % 40, n, '2025-06-07' from generate_series(1, 60) n;
create table laden."Bearbeiter" ("BearbeiterID" integer primary key, "Name" text, "Durchwahl" text);
insert into laden."Bearbeiter" values (1, 'Uwe Krause', '12');
create table laden.cupones (id integer primary key, codigo text, id_clientes varchar(12)[], correo_destinatario text);
insert into laden.cupones select n, 'C' || n, array['K-' || 10000 + n], 'destino' || n || '@example.es' from generate_series(1, 20) n;
create table laden.empleados (
    id_empleado integer primary key, nombre text, apellidos text, correo_electronico text, telefono_movil text, dni text, fecha_nacimiento date,
    salario numeric(10, 2), id_jefe integer
);
insert into laden.empleados select n, 'Maria', 'Costa', 'emp' || n || '@example.es', '+34 600 100 ' || 100 + n, '12345678Z', '1985-01-02', 1800, 1 from generate_series(1, 20) n;
create table laden.nominas (id_nomina integer primary key, id_empleado integer, mes date, importe numeric(10, 2));
insert into laden.nominas select n, 1 + n % 20, '2025-01-01', 1800 from generate_series(1, 40) n;
create view laden.kunden_kurz as select "KundenNr", "EMail" from laden."Kunde";
create table laden."Artikel" ("ArtikelNr" integer primary key, "Name" text, "Preis" numeric(10, 2));
insert into laden."Artikel" values (1, 'Hose', 20), (2, 'Hemd', 30);
create table laden.besuche (id integer, kunden_nr varchar(12), seite text, am date) partition by range (am);
create table laden.besuche_2025 partition of laden.besuche for values from ('2025-01-01') to ('2026-01-01');
insert into laden.besuche select n, 'K-' || 10001 + n % 40, '/hosen', '2025-03-04' from generate_series(1, 50) n;
