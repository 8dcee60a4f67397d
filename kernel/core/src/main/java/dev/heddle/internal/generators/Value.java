package dev.heddle.internal.generators;

import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value in a local variable or on the operand stack, as the verifier knows it.
 *
 * @param type the class of a reference; null for the null constant and for what is no reference
 * @param newAt where an object that has no constructor called yet was made; -1 for all others
 */
record Value(TypeKind kind, @Nullable ClassDesc type, int newAt) {

    static final Value INT = new Value(TypeKind.INT, null, -1);
    static final Value FLOAT = new Value(TypeKind.FLOAT, null, -1);
    static final Value LONG = new Value(TypeKind.LONG, null, -1);
    static final Value DOUBLE = new Value(TypeKind.DOUBLE, null, -1);
    static final Value NULL = new Value(TypeKind.REFERENCE, null, -1);

    /** The second slot of a long or double, and what is not known. */
    static final Value TOP = new Value(TypeKind.VOID, null, -1);

    static Value of(ClassDesc type) {
        return of(TypeKind.from(type), type);
    }

    static Value of(TypeKind kind, @Nullable ClassDesc type) {
        return switch (kind.asLoadable()) {
            case INT -> INT;
            case LONG -> LONG;
            case FLOAT -> FLOAT;
            case DOUBLE -> DOUBLE;
            case VOID -> TOP;
            default -> new Value(TypeKind.REFERENCE, type, -1);
        };
    }

    static Value newAt(int bci, ClassDesc type) {
        return new Value(TypeKind.REFERENCE, type, bci);
    }

    /** That of a record is linked at its first use, which takes longer than all that is compared here. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Value value
                && kind == value.kind
                && newAt == value.newAt
                && Objects.equals(type, value.type);
    }

    @Override
    public int hashCode() {
        return 31 * newAt + Objects.hashCode(type);
    }

    boolean isReference() {
        return kind == TypeKind.REFERENCE;
    }

    boolean isUninitialized() {
        return newAt >= 0;
    }

    boolean isWide() {
        return kind.slotSize() == 2;
    }
}
