package dev.heddle.tls.openssl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.tls.internal.TlsEngine.Result;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records are made of, and read into, buffers of every kind, and of no more than their part. */
final class BuffersTest {

    private static final byte[] PLAIN = new byte[1000];

    static {
        for (int i = 0; i < PLAIN.length; i++) {
            PLAIN[i] = (byte) (i * 31);
        }
    }

    private static ByteBuffer around(ByteBuffer large) {
        return large.put(7, PLAIN).position(7).limit(7 + PLAIN.length);
    }

    static Stream<ByteBuffer> sources() {
        ByteBuffer heap = around(ByteBuffer.allocate(1100));
        ByteBuffer direct = around(ByteBuffer.allocateDirect(1100));
        return Stream.of(heap, heap.asReadOnlyBuffer(), heap.slice(), direct, direct.asReadOnlyBuffer(),
                direct.slice());
    }

    @ParameterizedTest
    @MethodSource("sources")
    void bytesGoThrough(ByteBuffer source) throws SSLException {
        EnginePair pair = EnginePair.agreed(OpensslEngine.KEY_BYTES);
        for (boolean direct : List.of(false, true)) {
            ByteBuffer plain = source.duplicate();
            ByteBuffer cipher = allocate(direct).position(3);
            ByteBuffer got = allocate(!direct).position(5);

            assertEquals(Result.DONE, pair.client().wrap(plain, cipher));
            assertEquals(0, plain.remaining());
            int end = cipher.position();
            cipher.position(3).limit(end);
            assertEquals(Result.DONE, pair.server().unwrap(cipher, got));

            assertEquals(0, cipher.remaining());
            byte[] bytes = new byte[got.position() - 5];
            got.get(5, bytes);
            assertArrayEquals(PLAIN, bytes);
        }
        pair.free();
    }

    private static ByteBuffer allocate(boolean direct) {
        return direct ? ByteBuffer.allocateDirect(EnginePair.ROOM) : ByteBuffer.allocate(EnginePair.ROOM);
    }
}
