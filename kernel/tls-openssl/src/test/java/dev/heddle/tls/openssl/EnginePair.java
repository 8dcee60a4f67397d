package dev.heddle.tls.openssl;

import dev.heddle.tls.EngineCredentials;
import dev.heddle.tls.internal.TlsEngine;
import dev.heddle.tls.internal.TlsEngine.Need;
import dev.heddle.tls.internal.TlsPeer;
import dev.heddle.tls.internal.TlsTerms;
import dev.heddle.tls.internal.TlsTerms.Clients;
import dev.heddle.tls.internal.UnmappedException;
import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * Two engines and nothing between them.
 *
 * @param client that has begun
 * @param server that has begun
 */
record EnginePair(TlsEngine client, TlsEngine server) {

    static final int ROOM = 17 * 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final TlsPeer PEER = new TlsPeer("localhost", 443, "localhost");

    private static TlsTerms terms(boolean server) {
        return new TlsTerms(
                server, List.of("TLSv1.3", "TLSv1.2"), List.of(), List.of(), List.of(), Clients.UNKNOWN, null, !server);
    }

    static OpensslContext context(boolean server) {
        try {
            return new OpensslContext(
                    terms(server), server ? EngineCredentials.server() : EngineCredentials.client(), new byte[80]);
        } catch (UnmappedException e) {
            throw new AssertionError(e);
        }
    }

    static TlsEngine serverEngine(long keyBytes) {
        return new OpensslEngine(
                context(true), EngineCredentials.server(), new ClientSessions(), TlsPeer.CLIENT, keyBytes);
    }

    static TlsEngine clientEngine(long keyBytes) {
        return new OpensslEngine(context(false), EngineCredentials.client(), new ClientSessions(), PEER, keyBytes);
    }

    /** The first words of a client. */
    static ByteBuffer hello() throws SSLException {
        TlsEngine client = clientEngine(OpensslEngine.KEY_BYTES);
        client.begin();
        ByteBuffer records = said(client);
        client.free();
        return records;
    }

    /** A pair that has shaken hands. */
    static EnginePair agreed(long keyBytes) throws SSLException {
        EnginePair pair = new EnginePair(clientEngine(keyBytes), serverEngine(keyBytes));
        pair.client.begin();
        pair.server.begin();
        while (pair.client.need() != Need.NOTHING || pair.server.need() != Need.NOTHING) {
            step(pair.client, pair.server);
            step(pair.server, pair.client);
        }
        return pair;
    }

    private static void step(TlsEngine from, TlsEngine to) throws SSLException {
        while (from.need() == Need.COMPUTE) {
            from.compute();
        }
        ByteBuffer records = said(from);
        while (records.hasRemaining()) {
            to.unwrap(records, ByteBuffer.allocate(ROOM));
            while (to.need() == Need.COMPUTE) {
                to.compute();
            }
        }
    }

    /** All records that an engine has to say by itself. */
    private static ByteBuffer said(TlsEngine engine) throws SSLException {
        ByteBuffer records = ByteBuffer.allocate(4 * ROOM);
        while (engine.need() == Need.SEND) {
            engine.wrap(NOTHING, records);
        }
        return records.flip();
    }

    void free() {
        client.free();
        server.free();
    }
}
