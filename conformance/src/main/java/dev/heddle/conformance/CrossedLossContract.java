package dev.heddle.conformance;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.heddle.Heddle;
import dev.heddle.Outcome;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The contract of ends and losses, fully crossed: each {@link LossCell} over streams, all in one loop. */
interface CrossedLossContract extends StreamContract {

    @TestFactory
    default Stream<DynamicTest> cellOfALoss() {
        List<LossCell> cells = LossCell.all();
        List<Outcome<Void>> outcomes = new ArrayList<>();
        inLoop(connector -> {
            for (int i = 0; i < cells.size(); i += cellsAtOnce()) {
                outcomes.addAll(play(connector, cells.subList(i, Math.min(cells.size(), i + cellsAtOnce()))));
            }
        });
        return IntStream.range(0, cells.size())
                .mapToObj(i -> dynamicTest(cells.get(i).toString(), () -> outcomes.get(i).get()));
    }

    private List<Outcome<Void>> play(Connector connector, List<LossCell> cells) throws Exception {
        List<Task<Void>> tasks = new ArrayList<>();
        for (LossCell cell : cells) {
            Pair pair = connector.open();
            tasks.add(Heddle.spawn(cell.toString(), () -> {
                try (pair) {
                    cell.run(new StreamLossEnds(pair.left(), pair.right(), this));
                }
            }));
        }
        return tasks.stream().map(Task::awaitOutcome).toList();
    }

    /** How many cells are played at a time, which bounds what the system has to buffer. */
    default int cellsAtOnce() {
        return 16;
    }

    /** Breaks the connection from a peer's side. */
    default void reset(ByteStream peer) {
        peer.abort();
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
