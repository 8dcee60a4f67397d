package dev.heddle.cli.sight.top;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KeyboardTest {

    private static List<KeyPress> keys(String sent) throws IOException {
        var keyboard = new Keyboard(new ByteArrayInputStream(sent.getBytes(StandardCharsets.ISO_8859_1)));
        List<KeyPress> keys = new ArrayList<>();
        for (KeyPress key = keyboard.next(); key != null; key = keyboard.next()) {
            keys.add(key);
        }
        return keys;
    }

    @ParameterizedTest
    @CsvSource({
            "[A,UP", "OA,UP", "[B,DOWN", "[5~,PAGE_UP", "[6~,PAGE_DOWN", "[H,HOME", "[1~,HOME", "OF,END", "[4~,END",
            "OP,F1", "[11~,F1", "[[A,F1", "OS,F4", "[[E,F5", "[15~,F5", "[17~,F6", "[21~,F10", "[Z,UNKNOWN",
            "[99~,UNKNOWN", "[200~,UNKNOWN", "x,UNKNOWN", "[12345678901~,UNKNOWN"
    })
    void sequenceIsAKey(String sequence, KeyPress.Code code) throws IOException {
        assertEquals(code, keys("\u001b" + sequence).getFirst().code());
    }

    @Test
    void charactersAreThemselvesAndAnEscapeThatStandsAloneIsOne() throws IOException {
        assertEquals(
                List.of(
                        KeyPress.of('q'), KeyPress.of('/'), KeyPress.of(KeyPress.Code.ENTER),
                        KeyPress.of(KeyPress.Code.BACKSPACE),
                        KeyPress.of(KeyPress.Code.INTERRUPT), KeyPress.of(KeyPress.Code.UNKNOWN),
                        KeyPress.of(KeyPress.Code.ESCAPE)),
                keys("q/\r\u007f\u0003\u00e9\u001b"));
    }

    @Test
    void sequenceThatIsCutOffEndsWithTheInput() throws IOException {
        assertEquals(List.of(KeyPress.of(KeyPress.Code.UNKNOWN)), keys("\u001b["));
        assertEquals(List.of(KeyPress.of(KeyPress.Code.UNKNOWN)), keys("\u001b[1"));
    }
}
