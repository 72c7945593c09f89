;; Squares of the distances from one descriptor of 128 float32 to many, four numbers at a time, where they are less than
;; what is there: so several calls find the nearest of several.
;; `node scripts/assemble.mjs` writes it into compare-module.ts.
(module
  (memory (import "compare" "memory") 1)

  ;; one: where the descriptor begins; many: where the first of the others does, each 512 bytes after the one before;
  ;; end: where the last of them ends; out: where the first square is, each 4 bytes after the one before
  (func (export "nearer") (param $one i32) (param $many i32) (param $end i32) (param $out i32)
    (local $at i32) (local $stop i32) (local $difference v128) (local $even v128) (local $odd v128)
    (block $done
      (loop $other
        (br_if $done (i32.ge_u (local.get $many) (local.get $end)))
        (local.set $even (v128.const f32x4 0 0 0 0))
        (local.set $odd (v128.const f32x4 0 0 0 0))
        (local.set $at (local.get $one))
        (local.set $stop (i32.add (local.get $one) (i32.const 512)))
        (loop $part
          (local.set $difference (f32x4.sub (v128.load (local.get $at)) (v128.load (local.get $many))))
          (local.set $even (f32x4.add (local.get $even) (f32x4.mul (local.get $difference) (local.get $difference))))
          (local.set $difference (f32x4.sub (v128.load offset=16 (local.get $at)) (v128.load offset=16 (local.get $many))))
          (local.set $odd (f32x4.add (local.get $odd) (f32x4.mul (local.get $difference) (local.get $difference))))
          (local.set $at (i32.add (local.get $at) (i32.const 32)))
          (local.set $many (i32.add (local.get $many) (i32.const 32)))
          (br_if $part (i32.lt_u (local.get $at) (local.get $stop))))
        (local.set $even (f32x4.add (local.get $even) (local.get $odd)))
        (f32.store (local.get $out)
          (f32.min
            (f32.load (local.get $out))
            (f32.add
              (f32.add (f32x4.extract_lane 0 (local.get $even)) (f32x4.extract_lane 1 (local.get $even)))
              (f32.add (f32x4.extract_lane 2 (local.get $even)) (f32x4.extract_lane 3 (local.get $even))))))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (br $other))))

  ;; The same of sketches: one is 128 int16, in sixteenths of a step, the others are 128 int8 each, in steps.
  (func (export "nearerSketches") (param $one i32) (param $many i32) (param $end i32) (param $out i32)
    (local $at i32) (local $stop i32) (local $sketch v128) (local $difference v128) (local $sum v128) (local $square i32)
    (block $done
      (loop $other
        (br_if $done (i32.ge_u (local.get $many) (local.get $end)))
        (local.set $sum (v128.const i32x4 0 0 0 0))
        (local.set $at (local.get $one))
        (local.set $stop (i32.add (local.get $one) (i32.const 256)))
        (loop $part
          (local.set $sketch (v128.load (local.get $many)))
          (local.set $difference
            (i16x8.sub
              (i16x8.shl (i16x8.extend_low_i8x16_s (local.get $sketch)) (i32.const 4))
              (v128.load (local.get $at))))
          (local.set $sum
            (i32x4.add (local.get $sum) (i32x4.dot_i16x8_s (local.get $difference) (local.get $difference))))
          (local.set $difference
            (i16x8.sub
              (i16x8.shl (i16x8.extend_high_i8x16_s (local.get $sketch)) (i32.const 4))
              (v128.load offset=16 (local.get $at))))
          (local.set $sum
            (i32x4.add (local.get $sum) (i32x4.dot_i16x8_s (local.get $difference) (local.get $difference))))
          (local.set $at (i32.add (local.get $at) (i32.const 32)))
          (local.set $many (i32.add (local.get $many) (i32.const 16)))
          (br_if $part (i32.lt_u (local.get $at) (local.get $stop))))
        (local.set $square
          (i32.add
            (i32.add (i32x4.extract_lane 0 (local.get $sum)) (i32x4.extract_lane 1 (local.get $sum)))
            (i32.add (i32x4.extract_lane 2 (local.get $sum)) (i32x4.extract_lane 3 (local.get $sum)))))
        (if (i32.lt_u (local.get $square) (i32.load (local.get $out)))
          (then (i32.store (local.get $out) (local.get $square))))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (br $other)))))
