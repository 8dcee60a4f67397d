package dev.heddle.conformance;

import dev.heddle.engine.Engines;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Leaves a suite out where its engine cannot work: on another system, or in a container that forbids it. */
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OnEngine.Condition.class)
@interface OnEngine {

    /** The engine's name. */
    String value();

    /** Says why not, for the report. */
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            String wanted = context.getRequiredTestClass().getAnnotation(OnEngine.class).value();
            return Engines.offers()
                    .stream()
                    .filter(offer -> offer.name().equals(wanted))
                    .findFirst()
                    .map(offer -> offer.whyNot()
                            .map(why -> ConditionEvaluationResult.disabled(wanted + ": " + why))
                            .orElse(ConditionEvaluationResult.enabled(wanted)))
                    .orElseThrow(() -> new AssertionError("there is no engine " + wanted));
        }
    }
}
