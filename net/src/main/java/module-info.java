/** Streams of bytes: TCP, in-memory pairs, listeners and name look-up. */
module dev.heddle.net {
    requires static org.jspecify;
    requires transitive dev.heddle.core;
    requires jdk.net;
    requires jdk.unsupported; // signals

    exports dev.heddle.net;
}
