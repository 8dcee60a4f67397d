package dev.heddle.cli.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.UsageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** URLs come from the command line and then from a list, of which little is read ahead. */
final class UrlInputTest {

    @TempDir
    Path directory;

    private static List<String> all(UrlInput input) throws InterruptedException {
        List<String> urls = new ArrayList<>();
        for (Optional<String> next = input.next(); next.isPresent(); next = input.next()) {
            urls.add(next.get());
        }
        return urls;
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    @Test
    void commandLineComesBeforeTheList() throws Exception {
        assertEquals(List.of("a", "b", "c", "d"), all(UrlInput.of(List.of("a", "b"), "-", bytes("c\nd"))));
    }

    @Test
    void blankLinesAndCommentsAreSkippedAndSpacesAroundAUrlDropped() throws Exception {
        assertEquals(
                List.of("a", "b"), all(UrlInput.of(List.of(), "-", bytes("\n  a\t\r\n   \n# no\n  # no\n\nb\n\n"))));
    }

    @Test
    void urlOfAnOpenPipeIsGivenOutBeforeThePipeEnds() throws Exception {
        PipedOutputStream writer = new PipedOutputStream();
        UrlInput input = UrlInput.of(List.of(), "-", new PipedInputStream(writer));
        writer.write("first\nhalf".getBytes(UTF_8));
        writer.flush();

        assertEquals(Optional.of("first"), input.next());
        writer.write(" more\n".getBytes(UTF_8));
        writer.close();
        assertEquals(List.of("half more"), all(input));
    }

    @Test
    void endStaysTheEnd() throws Exception {
        UrlInput input = UrlInput.of(List.of(), "-", bytes(""));

        assertEquals(Optional.empty(), input.next());
        assertEquals(Optional.empty(), input.next());
    }

    @Test
    void oneMillionLinesAreReadInBoundedPortions() throws Exception {
        long[] read = new long[1];
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("byte by byte");
            }

            @Override
            public synchronized int read(byte[] target, int from, int count) {
                byte[] line = "http://h/\n".getBytes(UTF_8);
                for (int i = 0; i < count; i++) {
                    target[from + i] = line[i % line.length];
                }
                read[0] += count;
                return count;
            }
        };
        UrlInput input = UrlInput.of(List.of(), "-", endless);
        for (int i = 0; i < 1_000_000; i++) {
            assertTrue(input.next().isPresent());
        }

        synchronized (endless) {
            assertTrue(read[0] < 11_000_000, "read ahead: " + read[0]);
        }
    }

    @Test
    void linesOfAFileAreCounted() throws Exception {
        Path list = Files.writeString(directory.resolve("list"), "a\n\nb\nc");
        UrlInput input = UrlInput.of(List.of("x"), list.toString(), InputStream.nullInputStream());

        assertEquals(List.of("x", "a", "b", "c"), all(input));
        assertEquals(4, input.expected());
        assertEquals(2, UrlInput.of(List.of("x", "y")).expected());
    }

    @Test
    void missingListIsWrongUsage() {
        String list = directory.resolve("none").toString();

        String message = assertThrows(
                UsageException.class, () -> UrlInput.of(List.of(), list, InputStream.nullInputStream()))
                .getMessage();
        assertEquals("cannot read the list " + list + ": no such file", message);
    }

    @Test
    void directoryIsNoList() {
        String message = assertThrows(
                UsageException.class,
                () -> UrlInput.of(List.of(), directory.toString(), InputStream.nullInputStream()))
                .getMessage();
        assertTrue(message.endsWith(": it is a directory"), message);
    }

    @Test
    void listThatBreaksGivesWhatCameBefore() throws Exception {
        InputStream breaking = new InputStream() {
            private boolean first = true;

            @Override
            public int read() throws IOException {
                throw new IOException("bad sector");
            }

            @Override
            public int read(byte[] target, int from, int count) throws IOException {
                if (!first) {
                    throw new IOException("bad sector");
                }
                first = false;
                target[from] = 'a';
                target[from + 1] = '\n';
                return 2;
            }
        };
        UrlInput input = UrlInput.of(List.of(), "-", breaking);

        assertEquals(Optional.of("a"), input.next());
        String message = assertThrows(FailureException.class, input::next).getMessage();
        assertEquals("cannot read the list on: bad sector", message);
        assertFalse(input.next().isPresent());
    }
}
