DROP TABLE instance_facts;
DROP TABLE tokens;
DROP TABLE team_members;
DROP TABLE robots;
DROP TABLE teams;
DROP TABLE users;
DROP TABLE namespaces;
