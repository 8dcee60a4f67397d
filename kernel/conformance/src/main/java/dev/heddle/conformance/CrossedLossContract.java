package dev.heddle.conformance;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.heddle.Heddle;
import dev.heddle.Outcome;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The contract of ends and losses, fully crossed: each {@link LossCell} over streams, all in one loop. */
interface CrossedLossContract extends StreamContract {

    @TestFactory
    default Stream<DynamicTest> cellOfALoss() {
        return play(LossCell.all(), ByteStream::abort);
    }

    /** Plays cells in one loop, with a way in which the peer breaks the connection; gives a test for each. */
    default Stream<DynamicTest> play(List<LossCell> cells, Consumer<ByteStream> reset) {
        List<Outcome<Void>> outcomes = new ArrayList<>();
        inLoop(connector -> {
            for (int i = 0; i < cells.size(); i += LossCell.AT_ONCE) {
                List<LossCell> some = cells.subList(i, Math.min(cells.size(), i + LossCell.AT_ONCE));
                outcomes.addAll(playAtOnce(connector, some, reset));
            }
        });
        return IntStream.range(0, cells.size())
                .mapToObj(i -> dynamicTest(cells.get(i).toString(), () -> outcomes.get(i).get()));
    }

    private List<Outcome<Void>> playAtOnce(Connector connector, List<LossCell> cells, Consumer<ByteStream> reset)
            throws Exception {
        List<Task<Void>> tasks = new ArrayList<>();
        for (LossCell cell : cells) {
            Pair pair = connector.open();
            tasks.add(Heddle.spawn(cell.toString(), () -> {
                try (pair) {
                    cell.run(new StreamLossEnds(pair.left(), pair.right(), reset, this));
                }
            }));
        }
        return tasks.stream().map(Task::awaitOutcome).toList();
    }

    /** As {@link LossEnds#patience}. */
    default Duration patience() {
        return Duration.ofSeconds(30);
    }

    /** As {@link LossEnds#halfCloseEndsBoth}. */
    default boolean halfCloseEndsBoth() {
        return false;
    }
}
