package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of generators: one thread, and several pieces of code that go on where they stood. */
final class GeneratorsByTurnsTest {

    @Test
    void twoTakeTurnsAsGeneratorsAndAsTasks() {
        List<String> turns = List.of("a.x 0", "b.x 0", "a.x 1", "b.x 1", "a.x 2", "b.x 2");
        List<String> expected = new ArrayList<>();
        expected.add("generators:");
        expected.addAll(turns);
        expected.add("tasks:");
        expected.addAll(turns);
        assertEquals(expected, Played.simulated("TakingTurns", "takeTurns"));
    }

    @Test
    void consumerThatIsSentItemsSumsUpAsOneThatIsCalled() {
        assertLinesMatch(
                List.of("1 run time is \\d+ ms", "2 run time is \\d+ ms", "sums: 49995000 and 49995000"),
                Played.real("CallOrSend", (Object) new String[]{"10000"}));
    }

    @Test
    void consumerAnswersEachNumber() {
        List<String> expected = new ArrayList<>();
        for (int n = 1; n <= 5; n++) {
            expected.add("the producer produces: " + n);
            expected.add("the consumer consumes: " + n);
            expected.add("[producer] the consumer returns: 200 RMB");
            expected.add("------------");
        }
        assertEquals(expected, Played.real("SendAndAnswer"));
    }

    @Test
    void onlyADelegatingGeneratorSeesTheResult() {
        assertEquals(
                List.of(
                        "a , b , c , 11 , 22 , 33 , 44 , 12 , 23 , 34 , 0 , 1 , 2",
                        "0",
                        "1",
                        "0",
                        "1",
                        "this is the result: I was interrupted"),
                Played.real("YieldFrom"));
    }
}
