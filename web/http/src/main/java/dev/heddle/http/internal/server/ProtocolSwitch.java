package dev.heddle.http.internal.server;

import dev.heddle.io.ByteStream;

/** The switch of a connection from HTTP to another protocol: what it does from then on (RFC 9110, section 7.8). */
public interface ProtocolSwitch {

    /**
     * Speaks the protocol in the connection's task. The stream is closed after the return. Throws nothing but a cancel.
     */
    void run(ByteStream stream);

    /** What it speaks, for people. */
    String protocol();

    /** How far it has come, for people. */
    String phase();

    /** The request that asked for it, as a log names it. */
    String label();

    /** The server stops: to be over soon. Never waits; may come before {@link #run}. */
    void stopping();
}
