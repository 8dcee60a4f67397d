package dev.heddle.cluster.zookeeper;

import org.slf4j.LoggerFactory;

/** ZooKeeper's log where the application has none: nothing, without SLF4J's warning that there is nothing. */
final class QuietLog {

    private static final String VERBOSITY = "slf4j.internal.verbosity";

    static {
        boolean ours = System.getProperty(VERBOSITY) == null;
        if (ours) {
            System.setProperty(VERBOSITY, "ERROR");
        }
        LoggerFactory.getILoggerFactory();
        if (ours) {
            System.clearProperty(VERBOSITY);
        }
    }

    private QuietLog() {}

    /** Chooses the provider, the first time. */
    static void choose() {}
}
