package dev.heddle.sim;

import dev.heddle.internal.Checks;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** The JUnit extension that runs the methods marked with {@link SimTest}; named by that annotation, not by users. */
public final class SimTestExtension implements TestTemplateInvocationContextProvider {

    private static final String SEEDS = "heddle.sim.seeds";
    private static final String BASE = "heddle.sim.base";

    /** Called by JUnit. */
    public SimTestExtension() {}

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return context.getTestMethod().map(method -> method.isAnnotationPresent(SimTest.class)).orElse(false);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        SimTest test = marked(context.getRequiredTestMethod());
        var failed = new AtomicBoolean();
        var tally = new FaultTally();
        context.getStore(ExtensionContext.Namespace.create(SimTest.class)).put(context.getUniqueId(), tally);
        // Taken one by one as they are run, so that nothing more is tried after a failure.
        return seeds(test, context).takeWhile(seed -> !failed.get())
                .mapToObj(seed -> new SimInvocation(seed, failed, tally));
    }

    private static LongStream seeds(SimTest test, ExtensionContext context) {
        if (test.seed().length > 0) {
            return Arrays.stream(test.seed());
        }
        int count = context.getConfigurationParameter(SEEDS).map(Integer::parseInt).orElse(test.seeds());
        long base = context.getConfigurationParameter(BASE).map(Long::parseLong).orElse(1L);
        Checks.atLeast("the count of seeds", count, 1);
        return LongStream.range(base, base + count);
    }

    private static SimTest marked(Method method) {
        SimTest test = method.getAnnotation(SimTest.class);
        if (test == null) {
            throw new IllegalArgumentException(method + " is not marked with @SimTest");
        }
        return test;
    }
}
