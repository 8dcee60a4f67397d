package dev.heddle.tls.openssl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The name that a client asks for, in its first message (RFC 6066, section 3). */
final class ServerNameExtension {

    private static final int TYPE = 0;
    private static final int HOST_NAME = 0;

    /** Length of the list, type and length of the first name. */
    private static final int HEAD_BYTES = 5;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private ServerNameExtension() {}

    /** Has a client ask for a name, unless it is empty. */
    static void announce(NativeSsl owner, String name) {
        if (!name.isEmpty()) {
            try (Arena arena = Arena.ofConfined()) {
                owner.setHostName(arena.allocateFrom(name));
            }
        }
    }

    /** Empty if there is none, or one that the library will refuse. */
    static String read(long ssl) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment found = arena.allocate(ValueLayout.JAVA_LONG, 2);
            if (Ssl.CLIENT_HELLO_GET0_EXT.number(ssl, TYPE, found.address(), found.address() + Long.BYTES) != 1) {
                return "";
            }
            long length = found.get(ValueLayout.JAVA_LONG, Long.BYTES);
            if (length < HEAD_BYTES) {
                return "";
            }
            MemorySegment extension = Libraries.at(found.get(ValueLayout.JAVA_LONG, 0), length);
            int nameLength = Short.toUnsignedInt(extension.get(SHORT, HEAD_BYTES - 2));
            if (extension.get(ValueLayout.JAVA_BYTE, 2) != HOST_NAME || nameLength > length - HEAD_BYTES) {
                return "";
            }
            byte[] name = extension.asSlice(HEAD_BYTES, nameLength).toArray(ValueLayout.JAVA_BYTE);
            return new String(name, StandardCharsets.ISO_8859_1);
        }
    }
}
