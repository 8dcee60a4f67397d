package dev.heddle;

import java.util.Collections;
import java.util.stream.Stream;
import junit.framework.Test;
import junit.framework.TestCase;
import junit.framework.TestSuite;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/** Guava's suites for collections, which are of JUnit 3, as dynamic tests of JUnit 5. */
public final class CollectionSuites {

    private CollectionSuites() {}

    /** All tests of a suite, each with the setting up and tearing down that it brings. */
    public static DynamicNode nodes(Test test) {
        if (test instanceof TestSuite suite) {
            Stream<Test> parts = Collections.list(suite.tests()).stream();
            return DynamicContainer.dynamicContainer(suite.getName(), parts.map(CollectionSuites::nodes));
        }
        TestCase one = (TestCase) test;
        return DynamicTest.dynamicTest(one.getName(), one::runBare);
    }
}
