package dev.heddle.internal.generators;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LocalVariable;
import java.lang.classfile.instruction.LocalVariableType;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The code of a body as that of a machine.
 *
 * <pre>
 *          the parameters from their fields
 *          switch (state) { 0: first, n: resume n }
 *   first: the code of the body; but at yield n:
 *              out.yield(...); save; state = n; return null
 *              behind n: if (thrown != null) throw thrown; sent
 *   resume n: restore; go behind n
 * </pre>
 *
 * What is restored is set before the try blocks around the yield are entered again, so that their handlers find it: that
 * is why it does not stand there.
 */
final class MachineCode implements Consumer<CodeBuilder> {

    /** The machine, what was sent, and what was thrown are in the first local variables. */
    static final int SHIFT = 3;

    private static final int SENT = 1;
    private static final int THROWN = 2;

    private final BodyMethod body;
    private final YieldPoints points;
    private final LinkWriter links;
    private final ClassDesc machine;
    private final MemberAccess access;
    private final SavedFrames saved;
    private final int temporaries;

    MachineCode(BodyMethod body, YieldPoints points, LinkWriter links, ClassDesc machine, MemberAccess access) {
        this.body = body;
        this.points = points;
        this.links = links;
        this.machine = machine;
        this.access = access;
        this.saved = new SavedFrames(machine, access, body.parameterSlots());
        this.temporaries = SHIFT + body.code().maxLocals();
    }

    /** The fields that hold a suspended body, known when the code is written. */
    Map<String, ClassDesc> fields() {
        return saved.fields();
    }

    @Override
    public void accept(CodeBuilder code) {
        Label first = code.newLabel();
        List<Resume> resumes = new ArrayList<>();
        List<SwitchCase> cases = new ArrayList<>();
        for (SlotFrame frame : points.frames().values()) {
            var resume = new Resume(cases.size() + 1, frame, code.newLabel(), code.newLabel());
            resumes.add(resume);
            cases.add(SwitchCase.of(resume.state, resume.start));
        }
        loadParameters(code);
        code.aload(0).getfield(machine, MachineWriter.STATE, ConstantDescs.CD_int).tableswitch(1, cases.size(), first,
                cases);
        code.labelBinding(first);
        List<Integer> lines = writeBody(code, resumes);
        for (Resume resume : resumes) {
            code.labelBinding(resume.start);
            int line = lines.get(resume.state - 1);
            if (line > 0) {
                code.lineNumber(line);
            }
            saved.restore(code, resume.frame);
            code.goto_(resume.behind);
        }
    }

    private record Resume(int state, SlotFrame frame, Label start, Label behind) {}

    /** They never change, so that they are not saved. */
    private void loadParameters(CodeBuilder code) {
        for (BodyMethod.Parameter each : body.parameters()) {
            code.aload(0).getfield(machine, MachineWriter.parameter(each.slot()), each.type());
            code.storeLocal(each.kind(), SHIFT + each.slot());
        }
    }

    /** Gives the source line of each yield, 0 where it is not known. */
    private List<Integer> writeBody(CodeBuilder code, List<Resume> resumes) {
        List<Integer> lines = new ArrayList<>();
        int bci = 0;
        int line = 0;
        for (CodeElement element : body.code()) {
            if (element instanceof InvokeInstruction call && body.outs().isYield(call)) {
                writeYield(code, call, resumes.get(lines.size()));
                lines.add(line);
            } else if (element instanceof Instruction instruction) {
                write(code, instruction, bci);
            } else {
                writePseudo(code, element);
            }
            bci += element instanceof Instruction instruction ? instruction.sizeInBytes() : 0;
            line = element instanceof LineNumber number ? number.line() : line;
        }
        return lines;
    }

    private void write(CodeBuilder code, Instruction instruction, int bci) {
        switch (instruction.opcode().kind()) {
            case LOAD -> {
                var load = (LoadInstruction) instruction;
                code.loadLocal(load.typeKind(), SHIFT + load.slot());
            }
            case STORE -> {
                var store = (StoreInstruction) instruction;
                code.storeLocal(store.typeKind(), variable(store.slot()));
            }
            case INCREMENT -> {
                var increment = (IncrementInstruction) instruction;
                code.iinc(variable(increment.slot()), increment.constant());
            }
            case FIELD_ACCESS -> links.write(code, (FieldInstruction) instruction);
            case INVOKE_DYNAMIC -> links.write(code, (InvokeDynamicInstruction) instruction);
            case INVOKE -> {
                var call = (InvokeInstruction) instruction;
                if (YieldPoints.isConstructor(call)) {
                    writeConstructor(code, call, bci);
                } else {
                    links.write(code, call);
                }
            }
            case NEW_OBJECT -> {
                code.with(instruction);
                if (points.isDeferred(bci)) {
                    code.pop().aconst_null(); // its class is initialized now, as it would be
                }
            }
            case CONSTANT -> {
                if (!access.isOpen(((ConstantInstruction) instruction).constantValue())) {
                    throw new Refused("it has a constant that only its class can link");
                }
                code.with(instruction);
            }
            case RETURN -> {
                if (instruction.opcode() == Opcode.RETURN) {
                    code.aconst_null();
                }
                code.areturn();
            }
            default -> code.with(instruction);
        }
    }

    /** The local variable of the machine that stands for one that the body writes. */
    private int variable(int slot) {
        if (slot < body.parameterSlots()) {
            throw new Refused("it assigns to its parameters");
        }
        return SHIFT + slot;
    }

    private static void writePseudo(CodeBuilder code, CodeElement element) {
        if (element instanceof LabelTarget || element instanceof LineNumber || element instanceof ExceptionCatch) {
            code.with(element);
        } else if (element instanceof LocalVariable local) {
            code.localVariable(
                    SHIFT + local.slot(), local.name(), local.type(), local.startScope(), local.endScope());
        } else if (element instanceof LocalVariableType local) {
            code.localVariableType(
                    SHIFT + local.slot(), local.name(), local.signature(), local.startScope(), local.endScope());
        } // frames are computed anew, the rest is about source code
    }

    private void writeYield(CodeBuilder code, InvokeInstruction call, Resume resume) {
        boolean gives = !call.typeSymbol().returnType().equals(ConstantDescs.CD_void);
        code.with(call);
        if (gives) {
            code.pop();
        }
        saved.save(code, resume.frame);
        code.aload(0).loadConstant(resume.state).putfield(machine, MachineWriter.STATE, ConstantDescs.CD_int);
        code.aconst_null().areturn();
        code.labelBinding(resume.behind);
        Label goesOn = code.newLabel();
        code.aload(THROWN).ifnull(goesOn).aload(THROWN).athrow();
        code.labelBinding(goesOn);
        if (gives) {
            code.aload(SENT);
        }
    }

    /** Two nulls under the arguments stand for an object that is made only now. */
    private void writeConstructor(CodeBuilder code, InvokeInstruction call, int bci) {
        ClassDesc type = call.owner().asSymbol();
        if (!points.constructsDeferred(bci)) {
            code.with(call);
            return;
        }
        List<ClassDesc> arguments = call.typeSymbol().parameterList();
        int[] slots = new int[arguments.size()];
        int next = temporaries;
        for (int i = slots.length - 1; i >= 0; i--) {
            slots[i] = next;
            code.storeLocal(TypeKind.from(arguments.get(i)), next);
            next += TypeKind.from(arguments.get(i)).slotSize();
        }
        code.pop2();
        boolean open = access.isOpenMethod(type, ConstantDescs.INIT_NAME, call.typeSymbol());
        if (open) {
            code.new_(type).dup();
        }
        for (int i = 0; i < slots.length; i++) {
            code.loadLocal(TypeKind.from(arguments.get(i)), slots[i]);
        }
        if (open) {
            code.with(call);
        } else {
            links.construct(code, type, call.typeSymbol());
        }
    }
}
