package dev.heddle.observe.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A heap dump by the observer is for its user alone, one at a time, and is deleted when who asked hangs up. */
@Tag("full")
final class DumpViewTest {

    private static final ViewRequest DUMP = new ViewRequest("dump", Map.of());

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    /** A peer that looks at the file, asks again, and hangs up. */
    private static final class Peer extends ByteArrayOutputStream {
        Path file = Path.of("none");

        @Override
        public void flush() throws IOException {
            Matcher dumped = Pattern.compile("\\{\"kind\":\"dumped\",\"file\":\"([^\"]+)\",.*\n\\{\"kind\":\"kept\"}\n")
                    .matcher(toString(StandardCharsets.UTF_8));
            if (!dumped.matches()) {
                throw new AssertionError(this);
            }
            file = Path.of(dumped.group(1));
            assertEquals("rw-------", permissions(file));
            assertEquals("rwx------", permissions(file.getParent()));
            var again = new JsonLines(new ByteArrayOutputStream());
            assertThrows(BadRequestException.class, () -> new DumpView().write(DUMP, again));
            throw new IOException("hung up");
        }
    }

    @Test
    void dumpIsOfThisUserAloneAndGoesWithWhoeverHasAsked() {
        for (int i = 0; i < 2; i++) {
            var peer = new Peer();
            IOException end = assertThrows(IOException.class, () -> new DumpView().write(DUMP, new JsonLines(peer)));
            assertEquals("hung up", end.getMessage());
            assertFalse(Files.exists(peer.file.getParent()));
        }
    }
}
