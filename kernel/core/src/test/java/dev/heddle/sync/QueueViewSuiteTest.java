package dev.heddle.sync;

import com.google.common.collect.testing.QueueTestSuiteBuilder;
import com.google.common.collect.testing.TestStringQueueGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.Feature;
import dev.heddle.CollectionSuites;
import java.util.Collections;
import java.util.Comparator;
import java.util.Queue;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Guava's suite of queues, on the view of each kind of queue as one of the JDK's, and on what orders by priority. */
final class QueueViewSuiteTest {

    /** More than the suite ever puts into one. */
    private static final int ROOM = 100;

    /** The order in which the suite puts its samples in, which it wants them to come out in, too. */
    private static final Comparator<String> BY_SAMPLE = Comparator.comparingInt("bacde"::indexOf);

    @TestFactory
    Stream<DynamicNode> viewsAreQueuesOfTheJdk() {
        return Stream.of(
                inOrder("channel", () -> Channel.<String>of(ROOM).asBlockingQueue()),
                inOrder("FIFO queue", () -> WorkQueue.<String>fifo(ROOM).asBlockingQueue()),
                inOrder("priority queue", () -> WorkQueue.priority(ROOM, BY_SAMPLE).asBlockingQueue()),
                inOrder("stable priority", () -> new StablePriority<>(BY_SAMPLE, new OrderedLock())),
                suite("LIFO queue", () -> WorkQueue.<String>lifo(ROOM).asBlockingQueue()));
    }

    private static DynamicNode inOrder(String name, Supplier<Queue<String>> make) {
        return suite(name, make, CollectionFeature.KNOWN_ORDER);
    }

    private static DynamicNode suite(String name, Supplier<Queue<String>> make, Feature<?>... more) {
        var generator = new TestStringQueueGenerator() {
            @Override
            protected Queue<String> create(String[] elements) {
                Queue<String> queue = make.get();
                Collections.addAll(queue, elements);
                return queue;
            }
        };
        return CollectionSuites.nodes(QueueTestSuiteBuilder.using(generator)
                .named(name)
                .withFeatures(
                        CollectionSize.ANY,
                        CollectionFeature.SUPPORTS_ADD,
                        CollectionFeature.SUPPORTS_REMOVE,
                        CollectionFeature.SUPPORTS_ITERATOR_REMOVE)
                .withFeatures(more)
                .createTestSuite());
    }
}
