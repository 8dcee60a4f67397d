package dev.heddle.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Action;
import dev.heddle.Heddle;

/** The contract of transports, over TLS; no record's buffer is left over either. */
abstract class TlsContract extends TransportContract {

    private final TlsVersion version;

    TlsContract(TlsVersion version) {
        this.version = version;
    }

    /** The streams below. */
    protected abstract MemoryStreams.Pair plain() throws Exception;

    @Override
    protected final void run(Action body) {
        Heddle.run(() -> {
            body.run();
            StreamContract.letOthersRun();
            assertEquals(0, TlsBuffers.current().borrowed(), "buffers of records left over");
        });
    }

    @Override
    protected final Ends connect() throws Exception {
        MemoryStreams.Pair pair =
                TlsFixture.secure(plain(), TlsFixture.CLIENT_TLS.withVersions(version), TlsFixture.SERVER_TLS);
        assertEquals(version, Tls.session(pair.right()).orElseThrow().version());
        return new Ends(pair.left().transport(), pair.right().transport());
    }
}
