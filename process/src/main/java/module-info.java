/** Child JVMs for work that must be killable. */
module dev.heddle.process {
    requires transitive dev.heddle.core;
    requires transitive dev.heddle.net;
    requires static org.jspecify;

    exports dev.heddle.process;
    exports dev.heddle.process.shared;
}
