package dev.heddle.tls.openssl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.tls.internal.TlsEngine;
import dev.heddle.tls.internal.TlsEngine.Need;
import dev.heddle.tls.internal.TlsEngine.Result;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/** Native memory is freed once, behind whoever is at work on it, and nobody can reach it afterwards. */
final class NativeSslTest {

    private final NativeSsl owner = new NativeSsl(EnginePair.context(true));

    @Test
    void freedWhileAWorkerIsAtWorkGoesBehindTheWorker() {
        assertTrue(owner.enter());
        owner.free();
        assertFalse(owner.isFreed());
        assertFalse(owner.isIdle());
        assertFalse(owner.enter());

        owner.leave();

        assertTrue(owner.isFreed());
        owner.free();
        assertFalse(owner.enter());
    }

    @Test
    void workerThatEndsLeavesItToOthers() {
        assertTrue(owner.enter());
        assertFalse(owner.enter());
        owner.leave();
        assertTrue(owner.isIdle());

        owner.free();
        owner.free();

        assertTrue(owner.isFreed());
    }

    @Test
    void freedEngineTakesNothingMore() throws SSLException {
        EnginePair pair = EnginePair.agreed(OpensslEngine.KEY_BYTES);
        TlsEngine client = pair.client();

        client.free();
        client.free();

        ByteBuffer room = ByteBuffer.allocate(17 * 1024);
        assertEquals(Result.DONE, client.wrap(ByteBuffer.wrap(new byte[10]), room));
        assertEquals(0, room.position());
        assertThrows(SSLException.class, () -> client.unwrap(ByteBuffer.wrap(new byte[]{23, 3, 3, 0, 0}), room));
        assertThrows(SSLException.class, client::begin);
        client.compute();
        client.closeOutput();
        assertFalse(client.isOutputClosed());
        assertEquals("TLSv1.3", client.agreement().version());
        pair.server().free();
    }

    @Test
    void engineThatIsFreedInTheMiddleOfAHandshakeComputesNoMore() throws SSLException {
        TlsEngine server = EnginePair.serverEngine(OpensslEngine.KEY_BYTES);
        server.begin();
        ByteBuffer hello = EnginePair.hello();
        server.unwrap(hello, ByteBuffer.allocate(0));
        assertEquals(Need.COMPUTE, server.need());

        server.free();
        server.compute();

        ByteBuffer room = ByteBuffer.allocate(17 * 1024);
        assertEquals(Result.DONE, server.wrap(ByteBuffer.allocate(0), room));
        assertEquals(0, room.position());
    }
}
