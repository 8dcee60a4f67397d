/** The kernel of Heddle: loops, tasks, groups, cancel scopes, channels and the portable engine. */
@SuppressWarnings("module") // the engines of Linux are not known here
module dev.heddle.core {
    requires static org.jspecify;
    requires static java.instrument;
    requires static java.logging;
    requires jdk.unsupported;

    exports dev.heddle;
    exports dev.heddle.engine;
    exports dev.heddle.generators;
    exports dev.heddle.settings;
    exports dev.heddle.internal to
            java.instrument, // calls the agent
            dev.heddle.cli,
            dev.heddle.cluster,
            dev.heddle.http,
            dev.heddle.linux,
            dev.heddle.net,
            dev.heddle.observe,
            dev.heddle.observe.opentelemetry,
            dev.heddle.process,
            dev.heddle.http3,
            dev.heddle.sim,
            dev.heddle.tls.openssl;
    exports dev.heddle.internal.sight to
            dev.heddle.cli,
            dev.heddle.cluster,
            dev.heddle.http,
            dev.heddle.net,
            dev.heddle.observe,
            dev.heddle.process,
            dev.heddle.http3,
            dev.heddle.sim;
    exports dev.heddle.sync;
    exports dev.heddle.trace;

    uses dev.heddle.engine.EngineProvider;
    uses dev.heddle.internal.PageCaches;
    uses dev.heddle.internal.UnixDatagrams;
    uses dev.heddle.internal.sight.Observer;
}
