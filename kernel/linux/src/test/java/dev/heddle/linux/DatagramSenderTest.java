package dev.heddle.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.UnixDatagrams;
import dev.heddle.linux.internal.DatagramSender;
import dev.heddle.linux.internal.Errno;
import dev.heddle.linux.internal.SocketAddresses;
import dev.heddle.linux.internal.SyscallNumbers;
import dev.heddle.linux.internal.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Datagrams reach Unix sockets by path and by abstract name. */
final class DatagramSenderTest {

    private static final int SOCK_DGRAM = 2;

    @TempDir
    Path directory;

    @Test
    void datagramReachesAPathAndAnAbstractName() throws IOException {
        for (String name : new String[]{directory.resolve("n").toString(), "@heddle-" + directory.getFileName()}) {
            assertEquals("READY=1", received(name));
        }
    }

    @Test
    void receiverThatIsNotThereIsTold() {
        var sender = new DatagramSender();
        String none = directory.resolve("none").toString();
        IOException absent = assertThrows(IOException.class, () -> sender.trySend(none, new byte[1]));
        assertEquals("No such file or directory", absent.getMessage());
        IOException tooLong = assertThrows(
                IOException.class, () -> sender.trySend("/" + "n".repeat(107), new byte[1]));
        assertTrue(tooLong.getMessage().endsWith("1 to 107 bytes, not 108"), tooLong.getMessage());
    }

    private static String received(String name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            var kernel = new SystemCalls(arena);
            byte[] path = name.getBytes(StandardCharsets.UTF_8);
            boolean isAbstract = path[0] == '@';
            path[0] = isAbstract ? 0 : path[0];
            MemorySegment address = arena.allocate(SocketAddresses.MAX_BYTES, Long.BYTES);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) SocketAddresses.AF_UNIX);
            MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, 2, path.length);
            long socket = Errno.check(kernel.call(SyscallNumbers.SOCKET, SocketAddresses.AF_UNIX, SOCK_DGRAM, 0));
            try {
                Errno.check(kernel.call(
                        SyscallNumbers.BIND, socket, address.address(), 2 + path.length + (isAbstract ? 0 : 1)));
                assertTrue(UnixDatagrams.find().orElseThrow()
                        .trySend(name, "READY=1".getBytes(StandardCharsets.UTF_8)));
                MemorySegment bytes = arena.allocate(100);
                long count = Errno.check(kernel.call(SyscallNumbers.RECVFROM, socket, bytes.address(), 100, 0));
                return new String(bytes.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
            } finally {
                kernel.call(SyscallNumbers.CLOSE, socket);
            }
        }
    }
}
