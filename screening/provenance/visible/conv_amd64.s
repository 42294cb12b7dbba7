//go:build amd64 && !purego

#include "textflag.h"

// A tap: its eight weights are in Y8, the addresses of columns 0 and 4 in R8
// and R11. Products are rounded before they are added, as convolveGo does.
#define COLUMN(address, sum) \
	VBROADCASTSS address, Y9 \
	VMULPS       Y8, Y9, Y9  \
	VADDPS       Y9, sum, sum

// func convolveAVX(made *[64]float32, from *float32, offsets *int32, weight *float32, n, stride int)
TEXT ·convolveAVX(SB), NOSPLIT, $0-48
	MOVQ made+0(FP), DI
	MOVQ from+8(FP), SI
	MOVQ offsets+16(FP), DX
	MOVQ weight+24(FP), BX
	MOVQ n+32(FP), CX
	MOVQ stride+40(FP), R9
	SHLQ $2, R9                // bytes between columns
	LEAQ (R9)(R9*2), R10       // and between three

	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	VXORPS Y4, Y4, Y4
	VXORPS Y5, Y5, Y5
	VXORPS Y6, Y6, Y6
	VXORPS Y7, Y7, Y7

tap:
	MOVLQSX (DX), AX
	LEAQ    (SI)(AX*4), R8
	LEAQ    (R8)(R9*4), R11
	VMOVUPS (BX), Y8
	COLUMN((R8), Y0)
	COLUMN((R8)(R9*1), Y1)
	COLUMN((R8)(R9*2), Y2)
	COLUMN((R8)(R10*1), Y3)
	COLUMN((R11), Y4)
	COLUMN((R11)(R9*1), Y5)
	COLUMN((R11)(R9*2), Y6)
	COLUMN((R11)(R10*1), Y7)
	ADDQ    $4, DX
	ADDQ    $32, BX
	DECQ    CX
	JNZ     tap

	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, 64(DI)
	VMOVUPS Y3, 96(DI)
	VMOVUPS Y4, 128(DI)
	VMOVUPS Y5, 160(DI)
	VMOVUPS Y6, 192(DI)
	VMOVUPS Y7, 224(DI)
	VZEROUPPER
	RET
