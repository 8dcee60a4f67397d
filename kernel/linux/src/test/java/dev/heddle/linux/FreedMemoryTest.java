package dev.heddle.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Transport;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Buffers over memory that its owner has given back. */
final class FreedMemoryTest {

    /** So big that it is a mapping of its own, and gone when it is freed. */
    private static final int BYTES = 4 * 1024 * 1024;

    @Test
    void kernelNeverSeesMemoryOfAnArenaThatIsClosed() {
        Heddle.run(Config.DEFAULT.withEngine(EpollEngine::new), () -> {
            try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    Transport transport = Heddle.currentLoop().engine().connect(server.getLocalSocketAddress());
                    Socket peer = server.accept()) {
                Arena arena = Arena.ofShared();
                ByteBuffer buffer = arena.allocate(BYTES).asByteBuffer();
                assertEquals(3, transport.tryWrite(buffer.slice(0, 3)));
                assertEquals(3, peer.getInputStream().readNBytes(3).length);
                arena.close();

                peer.getOutputStream().write(1);
                transport.awaitReadable();
                assertThrows(IllegalStateException.class, () -> transport.tryRead(buffer));
                assertThrows(IllegalStateException.class, () -> transport.tryWrite(buffer));

                assertEquals(1, transport.tryRead(ByteBuffer.allocate(10)), "nothing is lost");
            }
        });
    }
}
