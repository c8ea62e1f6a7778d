//! What the domain's errors speak of, in the reader's language.

use domain::Thing;

use super::text::Text;

/// The kind of a thing and its name, as in the middle of a sentence: `repository acme/web`.
pub fn named(text: Text, thing: &Thing) -> String {
    let (key, name) = match thing {
        Thing::Namespace(name) => ("thing-namespace", name),
        Thing::Organization(name) => ("thing-organization", name),
        Thing::User(name) => ("thing-user", name),
        Thing::Team(name) => ("thing-team", name),
        Thing::Robot(name) => ("thing-robot", name),
        Thing::Repository(name) => ("thing-repository", name),
        Thing::Manifest(reference) => ("thing-manifest", reference),
        Thing::Tag(name) => ("thing-tag", name),
        Thing::Blob(digest) => ("thing-blob", digest),
        Thing::File(path) => ("thing-file", path),
        Thing::Upload(id) => ("thing-upload", id),
        Thing::SecondFactor(name) => ("thing-second-factor", name),
        Thing::Token(uuid) => ("thing-token", uuid),
        Thing::Application(client) => ("thing-application", client),
        Thing::DefaultPermission(uuid) => ("thing-default-permission", uuid),
        Thing::Label(uuid) => ("thing-label", uuid),
        Thing::Message(uuid) => ("thing-message", uuid),
        Thing::Session => return text.say("thing-session"),
        Thing::Recovery => return text.say("thing-recovery"),
        Thing::Invitation => return text.say("thing-invitation"),
        Thing::Export => return text.say("thing-export"),
        Thing::Registry => return text.say("thing-registry"),
    };
    text.with(key, "name", name)
}
