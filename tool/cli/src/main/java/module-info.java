/** The {@code heddle} command. Exports nothing: it is a program. */
module dev.heddle.cli {
    requires dev.heddle.cluster;
    requires dev.heddle.cluster.store;
    requires dev.heddle.core;
    requires dev.heddle.http;
    requires dev.heddle.net;
    requires dev.heddle.observe;
    requires dev.heddle.observe.page;
    requires dev.heddle.process;
    requires java.compiler;
    requires java.management;
    requires jdk.compiler;
    requires jdk.management;
    requires static org.jspecify;
    requires tools.jackson.core;
}
