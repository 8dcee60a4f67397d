package dev.heddle.cli.sight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.UsageException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionsCommandTest {

    @Test
    void aConnectionIsARowAndItsStreamsStandBelow() {
        var table = new Table(ConnectionsCommand.COLUMNS);
        ConnectionsCommand.add(table, Line.parse("""
                {"kind":"connection","of":"server","name":"[::]:80","loop":"loop","peer":"10.0.0.1:5",
                "protocol":"HTTP/2","phase":"switched","age":61000,"buffered":2048,"deadline":1500,
                "streams":["stream 1, OPEN"]}"""));
        assertEquals("""
                OF              PEER        PROTOCOL  PHASE        AGE   UNREAD  LATE IN  REQUEST
                server [::]:80  10.0.0.1:5  HTTP/2    switched  61.0 s  2.0 KiB   1.50 s
                                                                                          stream 1, OPEN
                """, table.toString());
    }

    @Test
    void twoProgramsAreOneTooMany() {
        assertThrows(
                UsageException.class,
                () -> new ConnectionsCommand().run(List.of("1", "2"), CommandStreams.ofProcess()));
    }
}
