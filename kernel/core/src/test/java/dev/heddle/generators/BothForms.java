package dev.heddle.generators;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs each test with bodies of both forms, between which nobody must notice a difference. */
@ParameterizedClass(name = "{0}")
@EnumSource(BodyForm.class)
abstract class BothForms {

    private final @Nullable BodyForm usual = MachineRun.form;

    @Parameter
    BodyForm form;

    @BeforeEach
    final void useForm() {
        MachineRun.form = form;
    }

    @AfterEach
    final void goBack() {
        MachineRun.form = usual;
    }
}
