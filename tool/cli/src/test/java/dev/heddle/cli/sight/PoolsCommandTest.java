package dev.heddle.cli.sight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.UsageException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolsCommandTest {

    private static List<String> cells(String json) {
        return List.of(PoolsCommand.cells(AnswerLine.parse(json)));
    }

    @Test
    void partIsARowWithItsFiguresInWords() {
        assertEquals(
                List.of("channel", "", "90 %", "2 for 12.0 s", "capacity 1,000, size 900, waiting senders 2, closed",
                        "Shop.open(Shop.java:12)"),
                cells("""
                        {"kind":"part","id":1,"type":"channel","line":"app//com.acme.Shop.open(Shop.java:12)",
                        "figures":{"capacity":1000,"size":900,"waitingSenders":2,"waitingReceivers":0,"closed":true},
                        "pressure":0.9,"waiting":2,"oldest":12000}"""));
    }

    @Test
    void whatHasNoLimitIsNotFullAndWhatBelongsToALoopSaysSo() {
        assertEquals(
                List.of("task pool", "crawl", "", "", "", "Shop.open(Shop.java:12), loop-1"),
                cells("""
                        {"kind":"part","id":1,"type":"task pool","name":"crawl","line":"Shop.open(Shop.java:12)",
                        "loop":"loop-1","figures":{"running":0}}"""));
    }

    @Test
    void onePartThatDoesNotAnswerSaysSo() {
        assertEquals(
                List.of("queue", "", "", "", "does not answer", ""),
                cells("{\"kind\":\"part\",\"id\":1,\"type\":\"queue\",\"answers\":false}"));
    }

    @Test
    void whoHasIsToldWithTheProcessTheTimeAndTheLineAsFarAsTheyAreKnown() {
        assertEquals(
                "digest-1 for 42.0 s at Shop.digest(Shop.java:12)",
                PoolsCommand.holder(AnswerLine.parse(
                        "{\"who\":\"digest-1\",\"held\":42000,\"at\":\"com.acme.Shop.digest(Shop.java:12)\"}")));
        assertEquals(
                "a body of Shop in process 4711 for 42.0 s",
                PoolsCommand.holder(AnswerLine.parse("{\"who\":\"a body of Shop\",\"pid\":4711,\"held\":42000}")));
        assertEquals("order 7", PoolsCommand.holder(AnswerLine.parse("{\"who\":\"order 7\"}")));
    }

    @Test
    void twoProgramsAreOneTooMany() {
        assertThrows(UsageException.class, () -> new PoolsCommand().run(List.of("1", "2"), CommandStreams.ofProcess()));
    }
}
