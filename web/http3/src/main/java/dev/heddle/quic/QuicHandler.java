package dev.heddle.quic;

/** The handler of a server's connections by QUIC: what it does with each. */
@FunctionalInterface
public interface QuicHandler {

    /**
     * Serves one connection, in a task of its own. It is closed after it: when its last bytes have arrived where it returns,
     * at once where it throws.
     */
    void handle(QuicConnection connection) throws Exception;
}
