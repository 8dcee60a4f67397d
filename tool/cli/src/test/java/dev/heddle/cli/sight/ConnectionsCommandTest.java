package dev.heddle.cli.sight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Table;
import dev.heddle.cli.command.UsageException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionsCommandTest {

    @Test
    void connectionIsARowAndItsStreamsStandBelow() {
        var table = new Table(ConnectionsCommand.COLUMNS);
        ConnectionsCommand.add(table, AnswerLine.parse("""
                {"kind":"connection","of":"server","name":"[::]:80","loop":"loop","peer":"10.0.0.1:5",
                "protocol":"HTTP/2","phase":"switched","age":61000,"in":3072,"out":1024,"buffered":2048,"deadline":1500,
                "streams":["stream 1, OPEN"]}"""));
        assertEquals(
                """
                        OF              PEER        PROTOCOL  PHASE        AGE  HELD       IN      OUT   UNREAD  LATE IN  REQUEST
                        server [::]:80  10.0.0.1:5  HTTP/2    switched  61.0 s     -  3.0 KiB  1.0 KiB  2.0 KiB   1.50 s
                                                                                                                            stream 1, OPEN
                        """,
                table.toString());
    }

    @Test
    void taskThatHoldsTheRequestStandsBelowWithItsLine() {
        var table = new Table(ConnectionsCommand.COLUMNS);
        ConnectionsCommand.add(table, AnswerLine
                .parse("""
                        {"kind":"connection","of":"client","name":"https://b\\u001b[31mank","loop":"loop","peer":"10.0.0.1:443",
                        "protocol":"HTTP/1.1","phase":"head","request":"GET https://bank/7","held":2500,"task":17,"by":"pay 7",
                        "for":"reading from 10.0.0.1:443","at":"Shop.pay(Shop.java:40)","age":61000,"in":0,"out":120,"buffered":0,
                        "tls":"TLSv1.3 TLS_AES_128_GCM_SHA256 x25519",
                        "deadline":1500}"""));
        String told = table.toString();
        assertTrue(told.contains("  head   61.0 s  2.50 s  0 B  120 B     0 B   1.50 s  GET https://bank/7\n"), told);
        assertTrue(
                told.endsWith("  by task 17 pay 7, reading from 10.0.0.1:443, at Shop.pay(Shop.java:40)\n"), told);
        assertTrue(told.contains("  TLSv1.3 TLS_AES_128_GCM_SHA256 x25519\n"), told);
        assertFalse(told.contains("\u001b"), told);
    }

    @Test
    void twoProgramsAreOneTooMany() {
        assertThrows(
                UsageException.class,
                () -> new ConnectionsCommand().run(List.of("1", "2"), CommandStreams.ofProcess()));
    }
}
