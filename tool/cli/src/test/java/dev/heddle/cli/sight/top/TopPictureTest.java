package dev.heddle.cli.sight.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.sight.AnswerLine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The screen as people see it. */
final class TopPictureTest {

    private static AnswerLine line(Object... pairs) {
        Map<String, Object> fields = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            fields.put((String) pairs[i], pairs[i + 1]);
        }
        return new AnswerLine(fields);
    }

    private static AnswerLine row(String name, long busyMillis, double runs, long delayMicros, long bytes,
            long waiting) {
        return line(
                "kind", "row", "name", name, "tasks", waiting + 1, "waiting", waiting,
                "busy1", busyMillis * 1_000_000, "busy10", busyMillis * 500_000, "busy60", busyMillis * 100_000,
                "runs1", runs, "runs10", runs / 2, "delay1", delayMicros * 1_000, "delay10", 7_000L,
                "worst1", delayMicros * 5_000, "allocated1", bytes);
    }

    private static final Round ROUND = new Round(
            line("kind", "top", "watched", 65_000L, "tasks", 100_012L, "waiting", 99_998L, "whole", true),
            List.of(
                    line("kind", "share", "name", "main", "busy1", 350_000_000L, "busy10", 20_000_000L),
                    line("kind", "share", "name", "pool-1", "busy1", 990_000_000L, "busy10", 0L)),
            List.of(
                    row("GET /users/{id}", 620, 18_431, 85, 12_345_678, 3),
                    row("fetch #", 305, 204.5, 1_250, 4_096, 99_990),
                    row("mail", 0, 0.3, 0, 0, 1)));

    private static TopState state(int rows, int columns) {
        var view = new TopState.View(Column.BUSY, false, 1, "", false);
        return TopState.begin("process 4711", view, rows, columns).with(ROUND);
    }

    private static String picture(TopState state) {
        return String.join("\n", TopPicture.of(state, Style.NONE).stream().map(String::stripTrailing).toList());
    }

    private static TopState typed(TopState state, String characters) {
        TopState next = state;
        for (char c : characters.toCharArray()) {
            next = next.on(KeyPress.of(c));
        }
        return next;
    }

    @Test
    void busiestComeFirstBelowTheLoops() {
        assertEquals(
                """
                        process 4711: 100,012 tasks, 99,998 waiting; by route, rates over 1 s, watched for 65.0 s
                        main        [||||||||||||||                          ]  35.0%
                        pool-1      [||||||||||||||||||||||||||||||||||||||||]  99.0%
                         BUSY%*   10s   60s    RUNS/s   DELAY   WORST  ALLOC/s     TASKS   WAITING  NAME
                           62.0  31.0   6.2    18,431   85 us  425 us   12 MiB         4         3  GET /users/{id}
                           30.5  15.3   3.1       205 1.25 ms 6.25 ms  4.0 KiB    99,991    99,990  fetch #
                            0.0   0.0   0.0       0.3    0 us    0 us      0 B         2         1  mail

                        F1Help F4Filter F5Name   F6Sort oOver SpacePauseF10Quit""",
                picture(state(9, 110)));
    }

    @Test
    void narrowWindowShowsWhatMattersMost() {
        assertEquals(
                """
                        process 4711: 100,012 tasks, 99,...
                        and 2 more loops
                         BUSY%*    RUNS/s  NAME
                           62.0    18,431  GET /users/{id}
                           30.5       205  fetch #
                        F1Help F4Filter F5Name   F6Sort""",
                picture(state(6, 35)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 8, 13, 21, 40, 60, 79, 200})
    void noLineIsWiderThanTheWindowAndNoneBeyondItsHeight(int size) {
        for (TopState.Mode mode : TopState.Mode.values()) {
            for (int rows = 1; rows < 40; rows++) {
                TopState state = new TopState(
                        "process 4711", ROUND, state(9, 80).view(), 0, 0, mode, rows, size);
                List<String> lines = TopPicture.of(state, Style.NONE);
                assertTrue(lines.size() <= rows, () -> lines.toString());
                assertTrue(lines.stream().allMatch(line -> line.length() <= size), () -> lines.toString());
            }
        }
    }

    @Test
    void windowOfOneLineStillSaysWhatItIs() {
        assertEquals("process 4711: 100,012 tasks, 99,9...", picture(state(1, 36)));
    }

    @Test
    void keysChooseTheOrderWithoutWaitingForFigures() {
        TopState state = state(9, 110);
        assertEquals("fetch #", typed(state, "w").shown().getFirst().text("name"));
        assertEquals("GET /users/{id}", typed(state, "wr").shown().getFirst().text("name"));
        assertEquals(List.of("GET /users/{id}", "fetch #", "mail"), typed(state, "n").shown().stream()
                .map(row -> row.text("name"))
                .toList());
        assertEquals(Column.RUNS, state.on(KeyPress.of(KeyPress.Code.F6)).view().order());
        assertEquals(Column.NAME, typed(state, "<").view().order());
        assertEquals("waiting", typed(state, "w").request().get("sort"));
        assertTrue(picture(typed(state, "d")).contains("DELAY*"));
    }

    @Test
    void ratesAreOverTheSecondsThatAreChosen() {
        TopState tens = typed(state(9, 110), "o");
        assertEquals("10", tens.request().get("over"));
        assertTrue(picture(tens).contains("rates over 10 s"));
        assertTrue(picture(tens).contains("     9,216    7 us"), () -> picture(tens));
        assertEquals("1", typed(tens, "oo").request().get("over"));
    }

    @Test
    void filterIsTypedAndShowsOnlyNamesThatHaveIt() {
        TopState typing = typed(state(9, 110), "/FETX").on(KeyPress.of(KeyPress.Code.BACKSPACE));
        assertTrue(picture(typing).endsWith("Show names with: FET_   Enter keeps it, Esc shows all"));
        assertEquals(1, typing.shown().size());
        assertEquals("10000", typing.request().get("rows"));
        TopState kept = typing.on(KeyPress.of(KeyPress.Code.ENTER));
        assertTrue(picture(kept).endsWith("F10Quit  only \"FET\""), () -> picture(kept));
        assertEquals(3, kept.on(KeyPress.of(KeyPress.Code.ESCAPE)).shown().size());
        assertTrue(picture(typed(kept, "/zzz")).contains("no name has \"FETzzz\" in it"));
    }

    @Test
    void pauseKeepsTheFiguresAndSaysSo() {
        TopState paused = typed(state(9, 110), " ");
        assertTrue(picture(paused).startsWith("process 4711, PAUSED:"));
        assertEquals(ROUND, paused.with(Round.NONE).round());
        assertEquals(Round.NONE, typed(paused, " ").with(Round.NONE).round());
        assertFalse(typed(paused, "g").view().paused(), "other rows need other figures");
    }

    @Test
    void markedRowStaysInTheWindow() {
        List<AnswerLine> rows = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            rows.add(row("task-" + (char) ('a' + i / 26) + (char) ('a' + i % 26), 1_000 - i, 1, 1, 1, 1));
        }
        TopState state = state(10, 110).with(new Round(ROUND.all(), List.of(), rows));
        assertEquals(7, state.room());
        TopState down = state;
        for (int i = 0; i < 50; i++) {
            down = down.on(KeyPress.of(KeyPress.Code.DOWN));
        }
        assertEquals(List.of(50, 44), List.of(down.selected(), down.first()));
        TopState up = down.on(KeyPress.of(KeyPress.Code.PAGE_UP));
        assertEquals(List.of(43, 43), List.of(up.selected(), up.first()));
        TopState end = up.on(KeyPress.of(KeyPress.Code.END));
        assertEquals(List.of(99, 93), List.of(end.selected(), end.first()));
        assertEquals(List.of(99, 80), List.of(end.resized(23, 110).selected(), end.resized(23, 110).first()));
        TopState fewer = end.with(ROUND);
        assertEquals(List.of(2, 0), List.of(fewer.selected(), fewer.first()));
        assertEquals(0, end.on(KeyPress.of(KeyPress.Code.HOME)).first());
    }

    @Test
    void manyLoopsAreSummedUp() {
        List<AnswerLine> shares = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            shares.add(line("name", "loop-" + i, "busy1", 0L));
        }
        String picture = picture(state(40, 110).with(new Round(ROUND.all(), shares, ROUND.rows())));
        assertTrue(picture.contains("loop-6 "));
        assertTrue(picture.contains("\nand 13 more loops\n"), picture);
    }

    @Test
    void helpNamesEachKeyAndAnyKeyGoesBack() {
        TopState help = typed(state(24, 110), "h");
        assertTrue(picture(help).contains("Space            pause and resume"));
        assertEquals(TopState.Mode.TABLE, typed(help, "q").mode());
        assertEquals(TopState.Mode.QUIT, typed(help, "qq").mode());
        assertEquals(TopState.Mode.INTERRUPTED, help.on(KeyPress.of(KeyPress.Code.INTERRUPT)).mode());
    }

    @Test
    void coloursAreLeftOutWhereNobodyWantsThem() {
        String colours = String.join("\n", TopPicture.of(state(9, 110), Style.COLOURS));
        String plain = String.join("\n", TopPicture.of(state(9, 110), Style.PLAIN));
        assertTrue(colours.contains("\u001b[30;42m"));
        assertTrue(colours.contains("\u001b[31;1m"));
        assertEquals(List.of("7", "0"), plain.lines()
                .flatMap(line -> java.util.regex.Pattern.compile("\u001b\\[([0-9;]*)m").matcher(line).results())
                .map(found -> found.group(1))
                .distinct()
                .toList());
        assertFalse(picture(state(9, 110)).contains("\u001b"));
    }

    @Test
    void textForAPipeHasAllRowsAndNoKeys() {
        String text = TopPicture.text(state(0, 300));
        assertTrue(text.contains("BUSY%*   10s   60s"), text);
        assertTrue(text.endsWith("mail\n"), text);
        assertEquals(7, text.lines().count());
    }
}
