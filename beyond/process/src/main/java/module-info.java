/** Child JVMs for work that must be killable. */
@SuppressWarnings("module") // the cluster and the command are not known here
module dev.heddle.process {
    requires transitive dev.heddle.core;
    requires transitive dev.heddle.net;
    requires static org.jspecify;

    exports dev.heddle.process;
    exports dev.heddle.process.internal to
            dev.heddle.cli,
            dev.heddle.cluster;
    exports dev.heddle.process.internal.codec to
            dev.heddle.cluster;
    exports dev.heddle.process.internal.work to
            dev.heddle.cluster;
    exports dev.heddle.process.shared;
}
