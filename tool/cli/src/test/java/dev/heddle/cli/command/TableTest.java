package dev.heddle.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Columns under their heads, whatever stands in them. */
final class TableTest {

    @Test
    void columnsAreAsWideAsTheirLongestCellAndNumbersStandRight() {
        Table table = new Table(">PID", "PROGRAM", ">TASKS");
        table.row("7", "Chat.java", "1,204");
        table.row("4711", "x", "3");

        assertEquals("""
                 PID  PROGRAM    TASKS
                   7  Chat.java  1,204
                4711  x              3
                """, table.toString());
    }

    @Test
    void cellIsCutAndSafe() {
        Table table = new Table("NAME", "X");
        table.row("\u001b[31m" + "n".repeat(10_000_000), "\n");

        assertEquals("?[31m" + "n".repeat(52) + "...  ?", table.toString().lines().toList().get(1));
    }

    @Test
    void lastCellHasRoomForALineOfCode() {
        Table table = new Table("X", "AT");
        table.row("1", "n".repeat(200));
        table.row("2", "n".repeat(201));

        assertEquals(List.of("1  " + "n".repeat(200), "2  " + "n".repeat(197) + "..."),
                table.toString().lines().skip(1).toList());
    }

    @Test
    void noteStandsBelowItsRowAndMakesNoColumnWider() {
        Table table = new Table("X", "AT");
        table.row("1", "a");
        table.note("held by a task\n");
        table.row("2", "b");

        assertEquals("X  AT\n1  a\n    held by a task?\n2  b\n", table.toString());
    }

    @Test
    void charactersOfTwoHalvesCountOnce() {
        Table table = new Table("NAME", "X");
        table.row("\ud83e\uddf5", "1");
        table.row("ab", "2");

        assertEquals("NAME  X\n\ud83e\uddf5     1\nab    2\n", table.toString());
    }
}
