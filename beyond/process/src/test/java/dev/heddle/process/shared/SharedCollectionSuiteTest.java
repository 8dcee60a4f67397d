package dev.heddle.process.shared;

import com.google.common.collect.testing.ConcurrentMapTestSuiteBuilder;
import com.google.common.collect.testing.ListTestSuiteBuilder;
import com.google.common.collect.testing.TestStringListGenerator;
import com.google.common.collect.testing.TestStringMapGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.ListFeature;
import com.google.common.collect.testing.features.MapFeature;
import com.google.common.collect.testing.testers.ListListIteratorTester;
import com.google.common.collect.testing.testers.ListSubListTester;
import dev.heddle.CollectionSuites;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Guava's suites of lists and concurrent maps, on those of a manager. */
@Tag("full")
final class SharedCollectionSuiteTest {

    /** Iterators go over a copy and change nothing, as those of a {@link CopyOnWriteArrayList}. */
    private static final List<Method> OF_ITERATORS_THAT_CHANGE = List.of(
            ListListIteratorTester.getListIteratorFullyModifiableMethod(),
            ListSubListTester.getSubListSubListRemoveAffectsOriginalLargeListMethod());

    private static Manager manager;

    @BeforeAll
    static void open() {
        manager = Manager.open();
    }

    @AfterAll
    static void close() {
        manager.close();
    }

    @TestFactory
    DynamicNode listIsAListOfTheJdk() {
        var generator = new TestStringListGenerator() {
            @Override
            protected List<String> create(String[] elements) {
                List<String> list = manager.list();
                list.addAll(List.of(elements));
                return list;
            }
        };
        return CollectionSuites.nodes(ListTestSuiteBuilder.using(generator)
                .named("shared list")
                .withFeatures(
                        CollectionSize.ANY,
                        CollectionFeature.SUPPORTS_ADD,
                        CollectionFeature.SUPPORTS_REMOVE,
                        ListFeature.SUPPORTS_ADD_WITH_INDEX,
                        ListFeature.SUPPORTS_REMOVE_WITH_INDEX,
                        ListFeature.SUPPORTS_SET)
                .suppressing(OF_ITERATORS_THAT_CHANGE)
                .createTestSuite());
    }

    @TestFactory
    DynamicNode mapIsAConcurrentMapOfTheJdk() {
        var generator = new TestStringMapGenerator() {
            @Override
            protected Map<String, String> create(Map.Entry<String, String>[] entries) {
                Map<String, String> map = manager.map();
                for (Map.Entry<String, String> entry : entries) {
                    map.put(entry.getKey(), entry.getValue());
                }
                return map;
            }
        };
        return CollectionSuites.nodes(ConcurrentMapTestSuiteBuilder.using(generator)
                .named("shared map")
                .withFeatures(
                        CollectionSize.ANY,
                        CollectionFeature.KNOWN_ORDER,
                        CollectionFeature.SUPPORTS_ITERATOR_REMOVE,
                        MapFeature.GENERAL_PURPOSE)
                .createTestSuite());
    }
}
