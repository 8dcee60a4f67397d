package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.internal.form.SafeFilename;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept of the names that peers give their files. */
final class SafeFilenameTest {

    @Test
    void ordinaryNamesStay() {
        for (String name : List.of("a.txt", "My Photo (1).jpeg", "\u00e4\u20ac.pdf", "a.b-c_d", "\ud83d\ude00.png")) {
            assertEquals(name, SafeFilename.of(name));
        }
    }

    @Test
    void onlyTheLastSegmentIsKept() {
        assertEquals("passwd", SafeFilename.of("../../etc/passwd"));
        assertEquals("a.txt", SafeFilename.of("C:\\dir\\a.txt"));
        assertEquals("b", SafeFilename.of("a\\../b"));
        assertEquals("file", SafeFilename.of("dir/"));
    }

    @Test
    void whatHasAMeaningIsReplaced() {
        assertEquals("a_b", SafeFilename.of("a\0b"));
        assertEquals("a__b", SafeFilename.of("a\r\nb"));
        assertEquals("a_gpj.exe", SafeFilename.of("a\u202egpj.exe"));
        assertEquals("_x_", SafeFilename.of("<x>"));
        assertEquals("a_stream", SafeFilename.of("a:stream"));
        assertEquals("a_", SafeFilename.of("a\ud800"));
        assertEquals("_(id)", SafeFilename.of("$(id)"));
    }

    @Test
    void namesThatHideOrAreOptionsLoseTheirBegin() {
        assertEquals("bashrc", SafeFilename.of(".bashrc"));
        assertEquals("rf", SafeFilename.of("-rf"));
        assertEquals("a", SafeFilename.of("  a. . "));
        for (String nothing : List.of("", ".", "..", "...", "/", "- .", "\\")) {
            assertEquals("file", SafeFilename.of(nothing));
        }
    }

    @Test
    void devicesOfWindowsAreNoNames() {
        assertEquals("_CON", SafeFilename.of("CON"));
        assertEquals("_nul.txt", SafeFilename.of("nul.txt"));
        assertEquals("_aux .tar.gz", SafeFilename.of("aux .tar.gz"));
        assertEquals("console", SafeFilename.of("console"));
    }

    @Test
    void longNamesAreCutBetweenCharacters() {
        assertEquals("a".repeat(200), SafeFilename.of("a".repeat(70_000)));
        String cut = SafeFilename.of("\u20ac".repeat(100));
        assertEquals("\u20ac".repeat(66), cut);
        assertTrue(cut.getBytes(StandardCharsets.UTF_8).length <= 200);
        assertEquals("_con." + "a".repeat(195), SafeFilename.of("con." + "a".repeat(300)));
        assertEquals("_con." + "a".repeat(194), SafeFilename.of("con." + "a".repeat(194) + ".b"));
    }
}
