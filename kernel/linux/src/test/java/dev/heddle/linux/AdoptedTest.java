package dev.heddle.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.DescriptorEngine;
import dev.heddle.engine.Transport;
import dev.heddle.linux.internal.SocketAddresses;
import dev.heddle.linux.internal.SyscallNumbers;
import dev.heddle.linux.internal.SystemCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Descriptors that somebody else has opened. */
final class AdoptedTest {

    private static final int O_DIRECT = System.getProperty("os.arch").equals("aarch64") ? 0x10000 : 0x4000;
    private static final int SOCK_SEQPACKET = 5;
    private static final int SOCKETPAIR = System.getProperty("os.arch").equals("aarch64") ? 199 : 53;

    private static int[] two(int call, long a, long b, long c, Arena arena) {
        MemorySegment both = arena.allocate(ValueLayout.JAVA_INT, 2);
        int result = (int) (call == SyscallNumbers.PIPE2
                ? SystemCalls.anyThread(call, both.address(), a, 0, 0, 0, 0)
                : SystemCalls.anyThread(call, a, b, c, both.address(), 0, 0));
        assertEquals(0, result);
        return both.toArray(ValueLayout.JAVA_INT);
    }

    /** A pipe of packets, as each line of a terminal is one: a read gives one and no more, though there are others. */
    @Test
    void whatComesInPacketsIsAllRead() {
        try (Arena arena = Arena.ofConfined()) {
            readsAll(two(SyscallNumbers.PIPE2, O_DIRECT, 0, 0, arena));
        }
    }

    @Test
    void socketOfPacketsIsAllRead() {
        try (Arena arena = Arena.ofConfined()) {
            readsAll(two(SOCKETPAIR, SocketAddresses.AF_UNIX, SOCK_SEQPACKET, 0, arena));
        }
    }

    private static void readsAll(int[] ends) {
        Heddle.run(Config.DEFAULT.withEngine(EpollEngine::new), () -> {
            try (Transport from = DescriptorEngine.of(Heddle.currentLoop().engine()).adopt(ends[0], "one end");
                    Transport to = DescriptorEngine.of(Heddle.currentLoop().engine()).adopt(ends[1], "the other")) {
                ByteBuffer packets = ByteBuffer.allocate(100);
                for (int count = 1; count <= 3; count++) {
                    assertEquals(count, to.tryWrite(ByteBuffer.allocate(count)));
                }
                Heddle.timeout(Duration.ofSeconds(10), () -> {
                    from.awaitReadable();
                    while (packets.position() < 6) {
                        if (from.tryRead(packets) == 0) {
                            from.awaitReadable();
                        }
                    }
                });
            }
        });
        Arrays.fill(ends, -1);
    }
}
