package dev.heddle.internal.generators;

import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The local variables and the operand stack at one place of a method, a slot each; a long or double has a {@link
 * Value#TOP} behind it.
 *
 * <p>It guards the out of the body: whoever {@link #take}s that from the stack lets it escape.
 */
final class SlotFrame {

    final Value[] locals;
    final List<Value> stack;
    private final ClassDesc out;

    SlotFrame(int maxLocals, ClassDesc out) {
        this.locals = new Value[maxLocals];
        Arrays.fill(locals, Value.TOP);
        this.stack = new ArrayList<>();
        this.out = out;
    }

    private SlotFrame(SlotFrame from) {
        this.locals = from.locals.clone();
        this.stack = new ArrayList<>(from.stack);
        this.out = from.out;
    }

    SlotFrame copy() {
        return new SlotFrame(this);
    }

    boolean isOut(Value value) {
        return out.equals(value.type());
    }

    void push(Value value) {
        stack.add(value);
        if (value.isWide()) {
            stack.add(Value.TOP);
        }
    }

    /** Pushes what comes from anywhere but the parameter, and must be no out. */
    void give(ClassDesc type) {
        Value value = Value.of(type);
        if (isOut(value)) {
            throw new Refused("an out comes from elsewhere than its parameter");
        }
        if (value != Value.TOP) {
            push(value);
        }
    }

    /** Pops a slot, whatever is in it. */
    Value popSlot() {
        return stack.removeLast();
    }

    /** Pops a value that the code uses up. */
    Value take() {
        Value value = popSlot();
        if (value == Value.TOP) {
            value = popSlot();
        }
        if (isOut(value)) {
            throw new Refused("it hands its out on, so that others may yield");
        }
        return value;
    }

    void take(int count) {
        for (int i = 0; i < count; i++) {
            take();
        }
    }

    /** Sets a local variable; what the slots had before is gone. */
    void set(int slot, Value value) {
        if (slot > 0 && locals[slot - 1].isWide()) {
            locals[slot - 1] = Value.TOP;
        }
        locals[slot] = value;
        if (value.isWide()) {
            locals[slot + 1] = Value.TOP;
        }
    }

    /** The constructor of an object was called. */
    void initialize(Value made) {
        Value ready = Value.of(made.kind(), made.type());
        Collections.replaceAll(stack, made, ready);
        Collections.replaceAll(Arrays.asList(locals), made, ready);
    }

    /** The values on the stack, deepest first. */
    List<Value> stackValues() {
        List<Value> values = new ArrayList<>();
        for (Value each : stack) {
            if (each != Value.TOP) {
                values.add(each);
            }
        }
        return values;
    }
}
