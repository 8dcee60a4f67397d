package dev.heddle.internal.generators;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A writer of how the frame of a suspended body goes into fields and comes back.
 *
 * <p>A field is for one slot and one kind of value. References leave their fields when they come back, so that a
 * running body keeps nothing alive that it has let go.
 */
final class SavedFrames {

    private final ClassDesc machine;
    private final MemberAccess access;

    /** The slots of the parameters, which have fields of their own and never change. */
    private final int parameterSlots;

    private final Map<String, ClassDesc> fields = new TreeMap<>();

    SavedFrames(ClassDesc machine, MemberAccess access, int parameterSlots) {
        this.machine = machine;
        this.access = access;
        this.parameterSlots = parameterSlots;
    }

    Map<String, ClassDesc> fields() {
        return fields;
    }

    void save(CodeBuilder code, SlotFrame frame) {
        List<Value> stack = frame.stackValues();
        for (int i = stack.size() - 1; i >= 0; i--) {
            saveTop(code, stack.get(i), name("stack", i));
        }
        for (int i = parameterSlots; i < frame.locals.length; i++) {
            Value value = frame.locals[i];
            if (isKept(value)) {
                code.aload(0).loadLocal(value.kind(), MachineCode.SHIFT + i);
                code.putfield(machine, field(name("local", i), value), type(value));
            }
        }
    }

    private void saveTop(CodeBuilder code, Value value, String place) {
        if (!isKept(value)) {
            code.pop();
            return;
        }
        code.aload(0);
        if (value.isWide()) {
            code.dup_x2().pop();
        } else {
            code.swap();
        }
        code.putfield(machine, field(place, value), type(value));
    }

    void restore(CodeBuilder code, SlotFrame frame) {
        for (int i = parameterSlots; i < frame.locals.length; i++) {
            Value value = frame.locals[i];
            if (value != Value.TOP) {
                load(code, value, name("local", i));
                code.storeLocal(value.kind(), MachineCode.SHIFT + i);
            }
        }
        List<Value> stack = frame.stackValues();
        for (int i = 0; i < stack.size(); i++) {
            load(code, stack.get(i), name("stack", i));
        }
    }

    private void load(CodeBuilder code, Value value, String place) {
        if (!isKept(value)) {
            code.aconst_null();
            return;
        }
        String name = field(place, value);
        code.aload(0).getfield(machine, name, type(value));
        if (value.isReference()) {
            cast(code, value);
            code.aload(0).aconst_null().putfield(machine, name, ConstantDescs.CD_Object);
        }
    }

    private void cast(CodeBuilder code, Value value) {
        ClassDesc type = value.type();
        if (type != null && !type.equals(ConstantDescs.CD_Object)) {
            access.resolve(type); // or the machine may not name it
            code.checkcast(type);
        }
    }

    /**
     * Whether a value has to be kept: the null constant and what stands for an object that is not made yet need not.
     */
    private static boolean isKept(Value value) {
        return value != Value.TOP && !value.isUninitialized() && !value.equals(Value.NULL);
    }

    private static String name(String part, int slot) {
        return part.concat(Integer.toString(slot));
    }

    private String field(String place, Value value) {
        String name = place.concat(switch (value.kind()) {
            case INT -> "i";
            case LONG -> "l";
            case FLOAT -> "f";
            case DOUBLE -> "d";
            default -> "a";
        });
        fields.put(name, type(value));
        return name;
    }

    private static ClassDesc type(Value value) {
        return value.kind() == TypeKind.REFERENCE ? ConstantDescs.CD_Object : value.kind().upperBound();
    }
}
