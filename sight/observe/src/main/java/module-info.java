/** Sight into running programs: what their loops, tasks, pools and connections do, told to the same user's tools. */
@SuppressWarnings("module") // the command, the page and the bridges are not known here
module dev.heddle.observe {
    requires transitive dev.heddle.core;
    requires transitive java.logging;
    requires static org.jspecify;
    requires java.management;
    requires jdk.jfr;
    requires jdk.management;
    requires jdk.net;

    exports dev.heddle.observe;
    exports dev.heddle.observe.internal to
            dev.heddle.cli,
            dev.heddle.observe.page;
    exports dev.heddle.observe.internal.metrics to
            dev.heddle.observe.micrometer,
            dev.heddle.observe.opentelemetry;
    exports dev.heddle.observe.internal.profile to
            dev.heddle.cli,
            dev.heddle.observe.page;
    exports dev.heddle.observe.internal.trace to
            dev.heddle.cli;

    provides dev.heddle.internal.sight.Observer with
            dev.heddle.observe.internal.ProcessObserver;
}
