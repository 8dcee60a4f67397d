package dev.heddle.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.file.PowerCutDisk.Found;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whenever the power is cut, a file that is being replaced is the whole old one or the whole new one. */
final class PowerCutTest {

    private static final Found OLD = new Found("old secret", PosixFilePermissions.fromString("rw-------"));
    private static final Found NEW = new Found("new, longer secret", OLD.permissions());

    private static void replace(PowerCutDisk disk, String... pieces) throws IOException {
        AtomicFile.write(disk.path("file"), channel -> {
            for (String piece : pieces) {
                channel.write(ByteBuffer.wrap(piece.getBytes(StandardCharsets.ISO_8859_1)));
            }
        });
    }

    private static PowerCutDisk withOld() {
        var disk = new PowerCutDisk();
        disk.hold("file", OLD.content(), PosixFilePermissions.toString(OLD.permissions()));
        return disk;
    }

    @Test
    void replacedFileIsWholeAtEachCutAndNewWhenTheCallHasReturned() throws IOException {
        PowerCutDisk disk = withOld();
        replace(disk, "new, ", "longer secret");
        for (List<Map<String, Found>> cut : disk.cuts()) {
            for (Map<String, Found> found : cut) {
                Found file = found.get("file");
                assertTrue(OLD.equals(file) || NEW.equals(file), () -> "found " + file);
            }
        }
        assertEquals(List.of(Map.of("file", NEW)), disk.cuts().getLast());
    }

    @Test
    void newFileIsWholeOrAbsentAtEachCut() throws IOException {
        var disk = new PowerCutDisk();
        replace(disk, "new, ", "longer secret");
        for (List<Map<String, Found>> cut : disk.cuts()) {
            for (Map<String, Found> found : cut) {
                Found file = found.get("file");
                assertTrue(file == null || file.content().equals(NEW.content()), () -> "found " + file);
            }
        }
        assertEquals(List.of("file"), disk.cuts().getLast().stream().flatMap(all -> all.keySet().stream()).toList());
    }

    @Test
    void failedReplacementLeavesTheOldFileAtEachCut() {
        PowerCutDisk disk = withOld();
        assertThrows(IOException.class, () -> AtomicFile.write(disk.path("file"), channel -> {
            channel.write(ByteBuffer.wrap(new byte[100]));
            throw new IOException("No space left on device");
        }));
        disk.cuts().forEach(cut -> cut.forEach(found -> assertEquals(OLD, found.get("file"))));
        assertEquals(Map.of("file", OLD), disk.now());
    }

    /** Nor while the power is there: the hidden file has a name too, and lies where others may read. */
    @Test
    void noByteOfTheNewContentIsReadableByMoreThanTheOldWas() throws IOException {
        PowerCutDisk disk = withOld();
        replace(disk, "new, ", "longer secret");
        for (List<Map<String, Found>> cut : disk.cuts()) {
            for (Map<String, Found> found : cut) {
                found.forEach((name, file) -> assertTrue(
                        file.content().isEmpty() || file.permissions().equals(OLD.permissions()),
                        () -> name + " is " + file));
            }
        }
    }
}
